/// The last N of what passes by, whatever it is: a ring. Pure.
package struct NewestLetters<Element: Sendable>: Sendable {
    private let limit: Int
    private var kept: [Element] = []
    private var next = 0

    /// - Parameter limit: at least 1.
    package init(limit: Int) {
        self.limit = max(1, limit)
    }

    package mutating func add(_ element: Element) {
        if kept.count < limit {
            kept.append(element)
        } else {
            kept[next] = element
            next = (next + 1) % limit
        }
    }

    /// The last one first.
    package var newestFirst: [Element] { Array((kept[next...] + kept[..<next]).reversed()) }
}
