import Documents

/// Reads a document of which one mapping may hold a million entries, and hands these over one by one: neither the text
/// nor the nodes of all are ever held at once.
///
/// What ``EntryScanner`` reads is most of what there is. An entry in block style that it does not is cut out by its
/// indentation and read by ``YAMLDocument`` alone. Only where that finds no YAML the rest of the text is read as a whole, so
/// that the fault is told as it is of a small file.
struct DocumentStream: ~Copyable {
    /// The key of the large mapping, at the top of the document.
    let key: String
    let path: String
    var window: TextWindow
    /// Where the next entry goes.
    let take: (SourceNode.Entry, _ share: Double) -> Void

    /// All entries of the document, the large mapping without its own.
    private var top: [SourceNode.Entry] = []
    private var hasKey = false
    /// Of keys that are given twice, anchors and the like.
    private var faults: [Fault] = []
    /// Whether all of what was refused can be looked at all the same.
    private var isReadable = true
    /// In bytes of the file: behind the first entry that was handed over.
    private var firstEnd: Int?
    /// Where the last one that was handed over began, and where it or one that was refused ended.
    private var lastStart: Int?
    private var lastEnd: (offset: Int, position: SourcePosition)?
    private var isFlow = false

    /// Faulty entries that are looked at one by one; each costs a look at the lines before it.
    private static let mostFaultyEntries = 100

    init(
        path: String,
        key: String,
        step: Int,
        _ take: @escaping (SourceNode.Entry, _ share: Double) -> Void
    ) throws(TextWindow.Stop) {
        self.path = path
        self.key = key
        self.take = take
        window = try TextWindow(path: path, step: step)
    }

    /// The document without what was handed over; nil when it must be read as a whole, and what was handed over forgotten.
    mutating func read() -> (document: SourceNode?, faults: [Fault])? {
        do throws(TextWindow.Stop) {
            let isFlow = try scan { scanner throws(EntryScanner.Stop) in
                _ = try scanner.indentation()
                return try scanner.peek() == UInt8(ascii: "{")
            }
            let position = window.place.position
            self.isFlow = isFlow
            if isFlow { try readFlow() } else { try readBlock() }
            let document = SourceNode(.mapping(top), at: isFlow ? position : top[0].keyPosition)
            return (isReadable ? document : nil, faults)
        } catch {
            switch error {
            case .unreadable(let refused): return (nil, refused.faults)
            case .unfit: return nil
            case .unusual: return readRest()
            }
        }
    }

    // MARK: Block style

    private mutating func readBlock() throws(TextWindow.Stop) {
        while let indent = try scan({ scanner throws(EntryScanner.Stop) in try scanner.indentation() }) {
            if indent > 0 { throw .unusual }
            let key = hasKey ? nil : self.key
            let (entry, inner) = try scan { scanner throws(EntryScanner.Stop) in try scanner.topEntry(opening: key) }
            if EntryScanner.holds(top, entry.key) { throw .unusual }
            top.append(entry)
            if entry.key == self.key { hasKey = true }
            if let inner { try readEntries(indent: inner) }
        }
        if top.isEmpty { throw .unusual }
    }

    private mutating func readEntries(indent: Int) throws(TextWindow.Stop) {
        while let next = try scan({ scanner throws(EntryScanner.Stop) in try scanner.indentation() }), next >= indent {
            if next > indent { throw .unusual }
            let entry: SourceNode.Entry?
            do throws(TextWindow.Stop) {
                entry = try scan { scanner throws(EntryScanner.Stop) in
                    scanner.place.index += indent
                    let entry = try scanner.blockEntry(indent: indent, depth: 2)
                    if let after = try scanner.indentation(), after > indent { throw .unusual }
                    return entry
                }
            } catch {
                guard case .unusual = error else { throw error }
                entry = try readPiece(indent: indent)
            }
            if let entry { handOver(entry) }
        }
    }

    /// An entry that only a whole parser reads; nil when it is refused. Its text goes up to the next line that is not
    /// indented deeper.
    private mutating func readPiece(indent: Int) throws(TextWindow.Stop) -> SourceNode.Entry? {
        let end = try scan { scanner throws(EntryScanner.Stop) in try scanner.endOfPiece(indent: indent) }
        let text = String(decoding: window.bytes[window.place.index..<end.index], as: UTF8.self)
        let linesBefore = window.place.line - 1
        let reading = YAMLDocument.reading(of: text, file: path)
        if reading.faults.isEmpty {
            guard let entries = reading.document?.entries, entries.count == 1 else { throw .unusual }
            window.place = end
            return entries[0].shifted(by: linesBefore)
        }
        if reading.isSyntax || faults.count >= Self.mostFaultyEntries { throw .unusual }
        // Once more, with the lines before it: now every number in the faults is right.
        let again = YAMLDocument.reading(of: String(repeating: "\n", count: linesBefore) + text, file: path)
        faults += again.faults
        window.place = end
        guard let entries = again.document?.entries, entries.count == 1 else {
            isReadable = false
            if firstEnd != nil {
                lastStart = window.base + window.place.index
                lastEnd = (window.base + window.place.index, window.place.position)
            }
            return nil
        }
        return entries[0]
    }

    // MARK: Flow style

    private mutating func readFlow() throws(TextWindow.Stop) {
        window.place.index += 1
        while true {
            let key = hasKey ? nil : self.key
            let (entry, opens) = try scan { scanner throws(EntryScanner.Stop) in
                try scanner.topFlowEntry(opening: key)
            }
            if EntryScanner.holds(top, entry.key) { throw .unusual }
            top.append(entry)
            if entry.key == self.key { hasKey = true }
            if opens { try readFlowEntries() }
            if try scan({ scanner throws(EntryScanner.Stop) in try scanner.closes() }) { break }
        }
        let rest = try scan { scanner throws(EntryScanner.Stop) in
            try scanner.finishLine()
            return try scanner.indentation()
        }
        if rest != nil { throw .unusual }
    }

    private mutating func readFlowEntries() throws(TextWindow.Stop) {
        var isOver = false
        while !isOver {
            let (entry, isLast) = try scan { scanner throws(EntryScanner.Stop) in
                try scanner.skipFlowBlanks()
                let entry = try scanner.flowEntry(depth: 2)
                return (entry, try scanner.closes())
            }
            handOver(entry)
            isOver = isLast
        }
    }

    private mutating func handOver(_ entry: SourceNode.Entry) {
        take(entry, window.share)
        if firstEnd == nil { firstEnd = window.base + window.place.index }
        lastStart = lastEnd?.offset ?? firstEnd
        lastEnd = (window.base + window.place.index, window.place.position)
    }

    /// Lets `body` scan from where the window is, again with more of the text if that is at its end.
    private mutating func scan<Value>(
        _ body: (inout EntryScanner) throws(EntryScanner.Stop) -> Value
    ) throws(TextWindow.Stop) -> Value {
        while true {
            var scanner = EntryScanner(window, linesAreBlanks: isFlow)
            do throws(EntryScanner.Stop) {
                let value = try body(&scanner)
                window.place = scanner.place
                return value
            } catch {
                if case .unusual = error { throw .unusual }
            }
            try window.refill()
        }
    }

    // MARK: What is read as a whole

    /// The text behind the last entry, read as a whole: what was handed over is in it as blanks, so that a fault is told
    /// with its own line and column. The first entry stays, since faults name the line where a mapping begins, and so does
    /// the last one, on which it depends what may follow.
    private func readRest() -> (document: SourceNode?, faults: [Fault])? {
        guard let firstEnd, let lastStart, let lastEnd, let text = blanked(firstEnd..<lastStart) else { return nil }
        let reading = YAMLDocument.reading(of: text, file: path)
        let all = faults + reading.faults
        guard isReadable, let document = reading.document else { return all.isEmpty ? nil : (nil, all) }
        guard case .mapping(var entries) = document.content, let place = entries.firstIndex(where: { $0.key == key }),
            case .mapping(let rest) = entries[place].value.content
        else { return nil }
        entries[place].value.content = .mapping(rest.filter { $0.keyPosition >= lastEnd.position })
        return (SourceNode(.mapping(entries), at: document.position), all)
    }

    /// nil when the file is another one by now.
    private func blanked(_ range: Range<Int>) -> String? {
        guard let bytes = window.readAgain(), range.upperBound <= bytes.count else { return nil }
        var result = Array(bytes[(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)..<range.lowerBound])
        result.reserveCapacity(bytes.count)
        for byte in bytes[range] where byte & 0xC0 != 0x80 { result.append(byte == 0x0A || byte == 0x0D ? byte : 0x20) }
        result.append(contentsOf: bytes[range.upperBound...])
        return String(validating: result, as: UTF8.self)
    }
}

extension SourceNode {
    /// The same, so many lines further down.
    fileprivate func shifted(by lines: Int) -> SourceNode {
        let content: Content =
            switch self.content {
            case .null, .scalar: self.content
            case .sequence(let elements): .sequence(elements.map { $0.shifted(by: lines) })
            case .mapping(let entries): .mapping(entries.map { $0.shifted(by: lines) })
            }
        return SourceNode(content, at: position.shifted(by: lines))
    }
}

extension SourceNode.Entry {
    fileprivate func shifted(by lines: Int) -> SourceNode.Entry {
        SourceNode.Entry(key: key, keyPosition: keyPosition.shifted(by: lines), value: value.shifted(by: lines))
    }
}

extension SourcePosition {
    fileprivate func shifted(by lines: Int) -> SourcePosition {
        SourcePosition(line: line + lines, column: column)
    }
}
