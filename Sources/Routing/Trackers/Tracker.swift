package import Conversion

/// A tracker, or another receiver of postbacks, that a publisher can name instead of writing a URL: what he enters,
/// what is sent, and what it answers.
///
/// Written down from the pages in ``sources``; what no page says is not here.
package struct Tracker: Sendable {
    /// What stands behind `tracker:` in the routes: lower case, digits, `-`, `_` and dots.
    package var name: String
    /// Its name as its maker writes it.
    package var title: String
    /// Other words for it, that lead to a hint and not to the tracker: some mean several.
    package var otherNames: [String] = []
    /// Scheme, host and path. `<name>` is what the publisher enters; `{{...}}` is a token.
    package var address: String
    /// What the publisher enters, in the order in which he is asked.
    package var inputs: [TrackerInput] = []
    /// The query, in the order in which it is sent.
    package var parameters: [TrackerParameter]
    /// The tracker's words for a status, put in where a value says `<status>`; empty: ours are sent.
    package var statuses: [ConversionStatus: String] = [:]
    /// When a 2xx is not success enough, or another status is.
    package var success: TrackerAnswer?
    /// An answer that says that the conversion is known already.
    package var duplicate: TrackerAnswer?
    /// What the publisher should know.
    package var notes: [String] = []
    /// Where all this stands.
    package var sources: [String] = []
    /// False when the address does not stand on a page of its maker.
    package var isVerified: Bool
}

extension Tracker {
    /// The whole URL with what is sent unless the publisher says otherwise.
    package var pattern: String { pattern(writtenOut: true) }

    /// With `<status>` written out, or as it stands.
    func pattern(writtenOut: Bool) -> String {
        let query = parameters.filter { $0.need != .optional }.compactMap { parameter in
            parameter.value.map { "\(parameter.name)=\(writtenOut ? text($0) : $0)" }
        }
        return query.isEmpty ? address : address + "?" + query.joined(separator: "&")
    }

    /// The tokens it can fill, each once, in the order in which they stand.
    package var tokens: [String] {
        let texts = [address] + parameters.compactMap { $0.value.map(text) }
        var found: [String] = []
        for part in texts.flatMap({ $0.split(separator: "{{", omittingEmptySubsequences: false).dropFirst() }) {
            let name = part.drop { $0 == " " }.prefix { $0 != "}" && $0 != "|" && $0 != " " }
            if !found.contains(String(name)) { found.append(String(name)) }
        }
        return found
    }

    /// A value of the catalogue with `<status>` written out: the token, and the tracker's words where it has some.
    func text(_ value: String) -> String {
        guard value == TrackerParameter.status else { return value }
        if statuses.isEmpty { return "{{status}}" }
        let words = ConversionStatus.allCases.compactMap { status in statuses[status].map { "\(status.name)=\($0)" } }
        return "{{status|map:\"\(words.joined(separator: ","))\"}}"
    }

    func input(named name: String) -> TrackerInput? {
        inputs.first { $0.name == name }
    }
}
