import Foundation

/// Rows for people: columns of fixed widths that together fit the terminal. What does not fit its column is cut and
/// ends in "…"; control characters, which could move a terminal's cursor, are shown as "·".
struct TextTable {
    struct Column {
        let title: String
        /// It is never made narrower than this, but dropped when even that does not fit.
        let least: Int
        /// What it needs to show most values whole; room that is left goes to the last column.
        let wanted: Int
        var isNumber = false
    }

    private let columns: [Column]
    /// Of the columns that are shown; the others are left out from the right.
    private(set) var widths: [Int]

    /// - Parameter width: of a line, in characters.
    init(_ columns: [Column], width: Int) {
        var shown = columns.count
        while shown > 1, Self.sum(columns.prefix(shown).map(\.least)) > width { shown -= 1 }
        self.columns = Array(columns.prefix(shown))
        widths = self.columns.map(\.least)
        // The widest wish is served least: every column grows by one in turn, until the line or the wishes are full.
        var room = width - Self.sum(widths)
        var hasGrown = true
        while room > 0, hasGrown {
            hasGrown = false
            for index in widths.indices where room > 0 && widths[index] < self.columns[index].wanted {
                widths[index] += 1
                room -= 1
                hasGrown = true
            }
        }
        if room > 0, let last = widths.indices.last, !self.columns[last].isNumber { widths[last] += room }
    }

    /// For rows that are all known: no column is wider than its widest cell.
    init(_ columns: [Column], width: Int, rows: [[String]]) {
        self.init(
            columns.enumerated().map { index, column in
                let widest = rows.reduce(column.title.count) { max($0, index < $1.count ? $1[index].count : 0) }
                return Column(
                    title: column.title,
                    least: min(column.least, widest),
                    wanted: widest,
                    isNumber: column.isNumber
                )
            },
            width: width
        )
    }

    var header: String { row(columns.map(\.title)) }

    func row(_ cells: [String]) -> String {
        var line = ""
        for (index, width) in widths.enumerated() {
            if index > 0 { line += "  " }
            let text = Self.fit(index < cells.count ? cells[index] : "", width)
            let blanks = String(repeating: " ", count: width - text.count)
            line += columns[index].isNumber ? blanks + text : text + blanks
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    /// Two blanks stand between columns.
    private static func sum(_ widths: [Int]) -> Int { widths.reduce(0, +) + 2 * max(0, widths.count - 1) }

    private static func fit(_ text: String, _ width: Int) -> String {
        let shown = printable(text)
        return shown.count <= width ? shown : String(shown.prefix(max(0, width - 1))) + "…"
    }

    /// Without anything that a terminal would obey instead of show.
    static func printable(_ text: String) -> String {
        let isObeyed = { (scalar: Unicode.Scalar) in
            scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
                || scalar.properties.generalCategory == .lineSeparator
                || scalar.properties.generalCategory == .paragraphSeparator
        }
        if !text.unicodeScalars.contains(where: isObeyed) { return text }
        var result = ""
        for scalar in text.unicodeScalars { result.unicodeScalars.append(isObeyed(scalar) ? "·" : scalar) }
        return result
    }

    /// What a line may have: `--width`, $COLUMNS, the terminal's own width, or 200 where the output goes elsewhere.
    static func lineWidth(_ asked: Int?) -> Int {
        if let asked { return max(20, asked) }
        if let text = ProcessInfo.processInfo.environment["COLUMNS"], let columns = Int(text), columns > 0 {
            return max(20, columns)
        }
        var size = winsize()
        if isatty(STDOUT_FILENO) != 0, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            return max(20, Int(size.ws_col))
        }
        return 200
    }
}
