/// A moment as HTTP writes it, for example `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
struct HTTPDate {
    /// Seconds since 1970, UTC; not negative.
    let seconds: Int64

    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    var text: String {
        let days = Int(seconds / 86_400)
        let second = Int(seconds % 86_400)
        let (year, month, day) = Self.civil(days)
        let date = "\(Self.weekdays[days % 7]), \(Self.pad(day)) \(Self.months[month - 1]) \(year)"
        return "\(date) \(Self.pad(second / 3600)):\(Self.pad(second / 60 % 60)):\(Self.pad(second % 60)) GMT"
    }

    /// The civil date of a day counted from 1970-01-01, by whole years and months: exact, and fast enough once a second.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        var rest = days
        var year = 1970
        while rest >= length(ofYear: year) {
            rest -= length(ofYear: year)
            year += 1
        }
        let february = length(ofYear: year) - 337
        var month = 1
        for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
            guard rest >= length else { break }
            rest -= length
            month += 1
        }
        return (year, month, rest + 1)
    }

    private static func length(ofYear year: Int) -> Int {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365
    }

    private static func pad(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
