/// A text of a tracker's entry, cut at each `<name>` so that it can be filled without being searched again.
struct TrackerText: Sendable {
    private enum Piece: Sendable {
        case literal(String)
        /// The number of an input; nil when there is none of this name, and so never a value.
        case input(Int?)
    }

    private var pieces: [Piece] = []
    /// The text itself where nothing has to be filled in.
    private(set) var constant: String?

    init(_ text: String, _ inputs: [TrackerInput]) {
        var rest = text[...]
        while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
            if open > rest.startIndex { pieces.append(.literal(String(rest[..<open]))) }
            let name = rest[rest.index(after: open)..<close]
            pieces.append(.input(inputs.firstIndex { $0.name == name }))
            rest = rest[rest.index(after: close)...]
        }
        if pieces.isEmpty {
            constant = text
        } else if !rest.isEmpty {
            pieces.append(.literal(String(rest)))
        }
    }

    /// With what was entered; nil when something in it was not.
    func filled(_ entered: [String?]) -> String? {
        if let constant { return constant }
        var result = ""
        return append(to: &result, entered) ? result : nil
    }

    /// Appends the text with what was entered, or nothing when something in it was not.
    /// - Returns: whether all of it was.
    @discardableResult
    func append(to text: inout String, _ entered: [String?]) -> Bool {
        if let constant {
            text += constant
            return true
        }
        for case .input(let number) in pieces {
            guard let number, entered[number] != nil else { return false }
        }
        for piece in pieces {
            switch piece {
            case .literal(let literal): text += literal
            case .input(let number): if let number, let value = entered[number] { text += value }
            }
        }
        return true
    }
}
