import Documents
internal import Yams

/// Finds where keys are given twice. Yams stops at the first mapping with such keys and tells the place of one of them.
///
/// So that key is marked with a character of its own and the text parsed again: when it passes, or complains of another
/// key, both places are known. Runs only for files that are refused anyway.
struct DuplicateKeys {
    let file: String
    let disarmed: AliasDisarming

    /// How many are looked for before the list ends: each costs a parse of the whole text.
    private static let most = 20

    private struct Marked {
        /// In the text as it was before this mark and with those before it.
        var position: SourcePosition
        var name: String
        /// How many characters the mark has; each has its own number, or marked keys would be twins again.
        var width: Int
    }

    /// The document with the first of such keys, if one can be had, and where the others stand.
    func read() -> (document: SourceNode?, faults: [Fault]) {
        var text = disarmed.text
        var marked: [Marked] = []
        search: while marked.count < Self.most {
            do {
                let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
                guard let root = try parser.singleRoot() else { break search }
                let faults = faults(in: root, marked: marked)
                // None: the mark stood before an anchor and the key has become another one.
                if faults.isEmpty { break search }
                return withExtendedLifetime(parser) { translated(root, marked, faults) }
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                let position = SourcePosition(context.mark)
                // The same place again: the mark did not end up in the key (`&anchor key`). There is no way on.
                if marked.contains(where: { $0.position == position }) { break search }
                let mark = Marked(position: position, name: names.first ?? "", width: marked.count + 1)
                insert(mark, into: &text)
                marked.append(mark)
            } catch {
                break search
            }
        }
        let faults = marked.indices.map { index in
            let position = original(marked[index].position, marked: marked[..<index])
            return fault(at: position, key: unmarked(marked[index].name), other: nil)
        }
        return (nil, faults)
    }

    private func translated(
        _ root: Node,
        _ marked: [Marked],
        _ faults: [Fault]
    ) -> (document: SourceNode?, faults: [Fault]) {
        var translation = YAMLTranslation(file: file, disarmed: disarmed)
        translation.repair = YAMLTranslation.Repair(
            key: { unmarked($0) },
            position: { original($0, marked: marked[...]) }
        )
        let node = translation.node(root, depth: 0)
        return (translation.faults.isEmpty ? node : nil, faults + translation.faults)
    }

    private static let mark: Unicode.Scalar = "\u{E000}"

    /// Inserts the mark behind the quotation mark of a quoted key, before the first character of a plain one.
    private func insert(_ mark: Marked, into text: inout String) {
        let position = mark.position
        var scalars = text.unicodeScalars
        var index = scalars.startIndex
        var line = 1
        while line < position.line, index < scalars.endIndex {
            if scalars[index] == "\n" { line += 1 }
            scalars.formIndex(after: &index)
        }
        _ = scalars.formIndex(&index, offsetBy: position.column - 1, limitedBy: scalars.endIndex)
        if index < scalars.endIndex, scalars[index] == "\"" || scalars[index] == "'" {
            scalars.formIndex(after: &index)
        }
        scalars.insert(contentsOf: repeatElement(Self.mark, count: mark.width), at: index)
        text = String(scalars)
    }

    /// Walks the tree for marked keys and their twins.
    private func faults(in root: Node, marked: [Marked]) -> [Fault] {
        var faults: [Fault] = []
        var pending = [root]
        while let node = pending.popLast() {
            switch node {
            case .sequence(let sequence):
                pending.append(contentsOf: sequence)
            case .mapping(let mapping):
                var first: [String: SourcePosition] = [:]
                for (key, value) in mapping {
                    pending.append(value)
                    guard case .scalar(let scalar) = key else { continue }
                    let name = unmarked(scalar.string)
                    let position = original(SourcePosition(key.mark), marked: marked[...])
                    if let earlier = first[name] {
                        faults.append(fault(at: position, key: name, other: earlier))
                    } else {
                        first[name] = position
                    }
                }
            case .scalar, .alias:
                break
            }
        }
        return faults
    }

    /// Takes back the columns that marks in the same line have added, the last one first.
    private func original(_ position: SourcePosition, marked: ArraySlice<Marked>) -> SourcePosition {
        var column = position.column
        for mark in marked.reversed() where mark.position.line == position.line && mark.position.column < column {
            column -= mark.width
        }
        return SourcePosition(line: position.line, column: column)
    }

    private func unmarked(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.filter { $0 != Self.mark }))
    }

    private func fault(at position: SourcePosition, key: String, other: SourcePosition?) -> Fault {
        let place = other.map { "; the first is in line \($0.line)" } ?? ""
        return Fault(
            file: file,
            position: position,
            "the key \"\(disarmed.restored(key))\" is given twice\(place)",
            hint: "keep one of them"
        )
    }
}
