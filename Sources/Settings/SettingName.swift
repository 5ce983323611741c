/// The names people may give to things in the configuration: letters and digits of ASCII, `.`, `_` and `-`.
enum SettingName {
    static func isAllowed(_ name: String, count: ClosedRange<Int>) -> Bool {
        count.contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "A"..."Z", "a"..."z", "0"..."9", ".", "_", "-": true
                default: false
                }
            }
    }
}
