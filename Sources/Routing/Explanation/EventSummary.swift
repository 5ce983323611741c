package import Conversion

/// What of an event decides about its postbacks, for people.
package struct EventSummary: Sendable, Encodable {
    package let id: String
    package let publisher: String
    package let smartlink: String?
    package let offer: String?
    package let clickID: String?
    package let type: String
    package let status: String
    package let payout: String?
    package let currency: String?
    package let country: String?
    package let isTest: Bool

    private enum CodingKeys: String, CodingKey {
        case id, publisher, smartlink, offer, type, status, payout, currency, country
        case clickID = "click_id"
        case isTest = "is_test"
    }

    package init(_ event: ConversionEvent) {
        id = event.text(.id) ?? ""
        publisher = event.text(.publisherID) ?? ""
        smartlink = event.text(.smartlinkID)
        offer = event.text(.offerID)
        clickID = event.text(.clickID)
        type = event.text(.type) ?? ""
        status = event.text(.status) ?? ""
        payout = event.text(.payoutAmount)
        currency = event.text(.payoutCurrency)
        country = event.text(.country)
        isTest = event.isTest
    }

    /// One line: `conv-42: publisher 1001, offer 5512, click id b7c1, conversion, approved, 1.25 EUR, DE`.
    package var text: String {
        var parts = ["publisher \(publisher)"]
        if let smartlink, !smartlink.isEmpty { parts.append("smartlink \(smartlink)") }
        if let offer, !offer.isEmpty { parts.append("offer \(offer)") }
        parts.append(clickID.map { $0.isEmpty ? "an empty click id" : "click id \($0)" } ?? "no click id")
        parts += [type, status]
        if let payout { parts.append(currency.map { "\(payout) \($0)" } ?? payout) }
        if let country, !country.isEmpty { parts.append(country) }
        if isTest { parts.append("a test") }
        return PrintableText.line("\(id): " + parts.joined(separator: ", "))
    }
}
