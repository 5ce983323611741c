/// The argument of the filter `date`: text with fields of strftime (POSIX), in UTC and in English.
struct DateFormat: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case literal([UInt8])
        case field(UInt8)
    }

    private var pieces: [Piece] = []

    /// The fields, for messages.
    static let allowed = "%Y %y %m %d %e %j %H %I %M %S %p %a %A %b %B %F %T %s %z %Z %%"
    private static let fields = Set("YymdejHIMSpaAbBFTszZ%".utf8)

    /// Where the pattern is at fault, and with which field; `%` alone for one at the end.
    struct Fault: Error {
        var field: String
    }

    init(_ pattern: [UInt8]) throws(Fault) {
        var literal: [UInt8] = []
        var bytes = pattern.makeIterator()
        while let byte = bytes.next() {
            guard byte == UInt8(ascii: "%") else {
                literal.append(byte)
                continue
            }
            guard let field = bytes.next() else { throw Fault(field: "%") }
            guard Self.fields.contains(field) else {
                throw Fault(field: field < 0x80 ? "%\(Character(Unicode.Scalar(field)))" : "%")
            }
            if !literal.isEmpty { pieces.append(.literal(literal)) }
            literal = []
            pieces.append(.field(field))
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
    }

    /// The text for a time in milliseconds since the Unix epoch, in the years 0 to 9999.
    func text(_ milliseconds: Int64) -> [UInt8] {
        let seconds = TimeText.seconds(milliseconds)
        let time = CalendarTime(seconds: seconds)
        var text: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .literal(let literal): text.append(contentsOf: literal)
            case .field(let field): text.append(contentsOf: Self.text(field, time, seconds).utf8)
            }
        }
        return text
    }

    private static func text(_ field: UInt8, _ time: CalendarTime, _ seconds: Int64) -> String {
        switch field {
        case UInt8(ascii: "Y"): padded(time.year, 4)
        case UInt8(ascii: "y"): padded(time.year % 100, 2)
        case UInt8(ascii: "m"): padded(time.month, 2)
        case UInt8(ascii: "d"): padded(time.day, 2)
        case UInt8(ascii: "e"): padded(time.day, 2, with: " ")
        case UInt8(ascii: "j"): padded(time.dayOfYear, 3)
        case UInt8(ascii: "H"): padded(time.hour, 2)
        case UInt8(ascii: "I"): padded((time.hour + 11) % 12 + 1, 2)
        case UInt8(ascii: "M"): padded(time.minute, 2)
        case UInt8(ascii: "S"): padded(time.second, 2)
        case UInt8(ascii: "p"): time.hour < 12 ? "AM" : "PM"
        case UInt8(ascii: "a"): String(weekdays[time.weekday].prefix(3))
        case UInt8(ascii: "A"): weekdays[time.weekday]
        case UInt8(ascii: "b"): String(months[time.month - 1].prefix(3))
        case UInt8(ascii: "B"): months[time.month - 1]
        case UInt8(ascii: "F"): "\(padded(time.year, 4))-\(padded(time.month, 2))-\(padded(time.day, 2))"
        case UInt8(ascii: "T"): "\(padded(time.hour, 2)):\(padded(time.minute, 2)):\(padded(time.second, 2))"
        case UInt8(ascii: "s"): String(seconds)
        case UInt8(ascii: "z"): "+0000"
        case UInt8(ascii: "Z"): "UTC"
        default: "%"
        }
    }

    private static func padded(_ value: Int, _ width: Int, with pad: Character = "0") -> String {
        let digits = String(value)
        return String(repeating: pad, count: max(0, width - digits.count)) + digits
    }

    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
