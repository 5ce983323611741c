import Documents
internal import Yams

/// Says in a person's words what Yams found wrong with a text.
struct YAMLComplaint {
    let file: String
    /// What Yams read.
    let disarmed: AliasDisarming

    /// One fault for a syntax error, which ends the parsing; one for each key given twice.
    func faults(for error: any Error) -> [Fault] {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            [syntaxFault(problem, context: context, mark: mark)]
        case .reader(let problem, let offset, let value, _):
            [characterFault(problem, offset: offset, value: value)]
        case .duplicatedKeysInMapping:
            DuplicateKeys(file: file, disarmed: disarmed).read().faults
        case .memory:
            [Fault(file: file, "there is not enough memory to read it")]
        default:
            [Fault(file: file, "cannot be read as YAML: \(error)")]
        }
    }

    private func syntaxFault(_ problem: String, context: YamlError.Context?, mark: Mark) -> Fault {
        let lines = disarmed.text.split(separator: "\n", maxSplits: mark.line, omittingEmptySubsequences: false)
        let line = mark.line <= lines.count ? lines[mark.line - 1].unicodeScalars : Substring().unicodeScalars
        let scalar = line.dropFirst(mark.column - 1).first
        let isEnd = mark.line >= lines.count && scalar == nil
        // libyaml puts the end of a text into a line of its own.
        let endOfLast = SourcePosition(line: lines.count, column: (lines.last?.unicodeScalars.count ?? 0) + 1)
        var place = mark.line > lines.count ? endOfLast : SourcePosition(mark)
        let message: String
        var hint: String?
        switch problem {
        case "found character that cannot start any token" where scalar == "\t":
            message = "a tab cannot be used for indentation"
            hint = "use spaces"
        case "found character that cannot start any token":
            message = "a value cannot begin with \(scalar.map { "\"\($0)\"" } ?? "this character")"
            hint = "put the value in quotation marks"
        case "could not find expected ':'":
            // Reported where the scanner gave up; the person wants the line where the colon is missing.
            place = SourcePosition(context?.mark ?? mark)
            message = "a key stands here without a colon, or quotation marks or brackets are not closed"
        case "mapping values are not allowed in this context":
            message = "a second \": \" cannot stand in this place"
            hint = "is the indentation right? A value that holds \": \" must stand in quotation marks"
        case "did not find expected key" where scalar == ":":
            message = "a key is missing before the colon"
        case "did not find expected key", "did not find expected '-' indicator":
            message = "this line does not fit the lines above it\(start(of: context))"
            hint = "is the indentation right?"
        case "did not find expected ',' or '}'" where scalar == "{",
            "did not find expected ',' or ']'" where scalar == "{":
            // `{ url: https://.../?c={{click_id}} }`: the braces of a token are YAML's own inside braces.
            message = "a brace cannot stand inside a value without quotation marks here"
            hint = "put the value in quotation marks: \"https://track.example.com/pb?cid={{click_id}}\""
        case "found unexpected end of stream", "did not find expected ',' or ']'", "did not find expected ',' or '}'":
            place = SourcePosition(context?.mark ?? mark)
            let limit = isEnd ? "the end" : "line \(mark.line)"
            message = "quotation marks or brackets that open here are not closed before \(limit)"
        case "did not find expected node content" where isEnd:
            message = "the text ends too early: quotation marks or brackets are not closed"
        case "did not find expected node content":
            message = "a value is missing before \(scalar.map { "\"\($0)\"" } ?? "this place")"
        case "but found another document":
            message = "a second document begins here; one file holds one document"
            hint = "remove the line of dashes"
        case "found undefined tag handle":
            message = "tags (such as !name) are not supported"
            hint = "put a value that begins with \"!\" in quotation marks"
        case _ where problem.contains("nesting level"):
            message = "lists and mappings are nested deeper than \(YAMLDocument.deepest) levels"
        case "found invalid Unicode character escape code":
            message = "a \\u escape that is not a whole character"
            hint = "write the character itself instead of a \\uD8.. \\uDC.. pair"
        default:
            message = "is not YAML: \(problem)\(start(of: context))"
        }
        return Fault(file: file, position: place, message, hint: hint)
    }

    /// `, in the block mapping that begins in line 3`, from libyaml's `while parsing a block mapping`.
    private func start(of context: YamlError.Context?) -> String {
        guard let context, let what = context.text.split(separator: " a ", maxSplits: 1).last else { return "" }
        return ", in the \(what) that begins in line \(context.mark.line)"
    }

    private func characterFault(_ problem: String, offset: Int?, value: Int32) -> Fault {
        var position: SourcePosition?
        if let offset {
            let before = disarmed.text.prefix(offset)
            let line = before.count { $0.isNewline } + 1
            let column = before.reversed().prefix { !$0.isNewline }.count + 1
            position = SourcePosition(line: line, column: column)
        }
        let name =
            "U+" + String(repeating: "0", count: max(0, 4 - String(value, radix: 16).count))
            + String(value, radix: 16, uppercase: true)
        return Fault(
            file: file,
            position: position,
            "the character \(name) is not allowed in YAML",
            hint: "delete it, or write it as an escape in double quotation marks"
        )
    }
}
