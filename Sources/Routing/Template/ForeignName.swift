/// What other networks and trackers call the values that postback has; read from their own pages.
///
/// Only for hints: a template that uses one of these names is refused, because the same word means different things
/// in different places.
enum ForeignName {
    /// The token for another network's name in any case and with or without `_` and `-`; nil when it is not known.
    static func token(for name: String) -> String? {
        let plain = reduced(name)
        if let token = table[plain] { return token }
        return numberedSubID(plain)
    }

    /// Lower case, letters and digits only.
    private static func reduced(_ name: String) -> String {
        String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    }

    /// `sub3`, `aff_sub2`, `s1`, `p4`, `t7`, `var5`, `param2`, `custom_field1`: a numbered sub id.
    private static func numberedSubID(_ plain: String) -> String? {
        let digits = plain.reversed().prefix { $0.isNumber }.count
        guard digits > 0, digits <= 2 else { return nil }
        let stems = [
            "sub", "subid", "affsub", "s", "p", "t", "var", "param", "adv", "advsub", "customfield", "pubunique",
        ]
        return stems.contains(String(plain.dropLast(digits))) ? "sub_ids.\(plain)" : nil
    }

    private static let table: [String: String] = {
        var table: [String: String] = [:]
        for (token, names) in groups {
            for name in names.split(separator: " ") { table[String(name)] = token }
        }
        return table
    }()

    private static let groups: [(String, String)] = [
        (
            "click_id",
            "clickid cid subid externalid click affsub affclickid pubclickid extclickid hit reqid ymid visitorid"
                + " visitid clickref aclid clid uclick rtclid"
        ),
        (
            "event_id",
            "conversionid convid cnvid txid tid transactionid txnid orderid leadid actionid saleid conversionkey"
        ),
        (
            "payout",
            "sum amount amt price revenue rev commission payoutamount payoutusd earnings profit saleamount money cost"
                + " conversionrevenue goalvalue payoutorzero reward"
        ),
        ("currency", "cur curr payoutcurrency currencycode cnvcurrency ordercurrency originalcurrency"),
        ("status", "cnvstatus conversionstatus leadstatus statusname approvalstatus"),
        ("type", "goal goalid goalname goaltitle event eventname eventtype et conversiontype action cnvstatus2"),
        ("offer_id", "offer offerid oid campaign campaignid campid offername"),
        ("smartlink_id", "smartlink smartlinkid slid"),
        ("publisher_id", "affid affiliate affiliateid aff publisher pub pubid pid userid partnerid webid"),
        ("country", "geo countrycode countryid cc countryname iso"),
        ("region", "state province regionname"),
        ("city", "cityname town"),
        ("ip", "ipaddress sourceip userip sessionip clientip"),
        ("user_agent", "ua uagent useragent agent browserua"),
        ("device", "devicetype devicename devicemodel devicebrand"),
        ("os", "osname osid platform osversion"),
        ("browser", "browsername browserversion"),
        ("carrier", "isp operator mobilecarrier connectiontype"),
        ("language", "lang locale browserlanguage"),
        ("referrer", "referer ref referrerurl source"),
        ("occurred_at", "date time datetime conversiondate conversiontime conversiondatetime eventdate dateonly"),
        ("timestamp", "ts unix unixtime utcunixtime conversiontimestamp epoch conversionunix"),
        ("clicked_at", "clickdate clicktime clickdatetime visittimestamp"),
        ("random", "rand rnd cachebuster cb nonce uuid"),
        ("test", "istest testmode"),
    ]
}
