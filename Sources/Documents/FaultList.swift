/// Faults of several files.
package enum FaultList {
    /// By file, line and column; those without a line in front of the others of their file, and those of one place in
    /// the order in which they were found.
    package static func sorted(_ faults: [Fault]) -> [Fault] {
        let nowhere = SourcePosition(line: 0, column: 0)
        return faults.enumerated().sorted { left, right in
            if left.element.file != right.element.file { return left.element.file < right.element.file }
            let (a, b) = (left.element.position ?? nowhere, right.element.position ?? nowhere)
            return a == b ? left.offset < right.offset : a < b
        }
        .map(\.element)
    }
}

extension SourceNode {
    /// Where the key stands that a path such as `tokens.custom.x.y` names; its parts may hold dots. The deepest mapping
    /// that is there when there is no such key, nil when there is nothing at all.
    package func position(ofPath path: String) -> SourcePosition? {
        guard let entries else { return nil }
        for entry in entries where path == entry.key || path.hasPrefix(entry.key + ".") {
            let rest = String(path.dropFirst(entry.key.count + 1))
            return rest.isEmpty ? entry.keyPosition : entry.value.position(ofPath: rest) ?? entry.keyPosition
        }
        return nil
    }
}
