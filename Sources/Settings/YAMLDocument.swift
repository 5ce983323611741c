package import Documents
internal import Yams

/// Reads YAML 1.1 (and so JSON) into ``SourceNode``s that know their lines. The only place that knows of YAML.
///
/// Scalars stay text, whatever they look like: `no`, `1.10` and `0x10` come out as written. What is plain and empty,
/// `~`, `null`, `Null` or `NULL` is `.null`. Refused, each with its line: aliases and anchors, tags, merge keys, keys that
/// are not text, keys given twice, several documents in one file, nesting deeper than ``deepest`` levels.
///
/// JSON is read as YAML, with one difference: a character written as a `\uD83D\uDE00` pair is refused; write it as it is.
package enum YAMLDocument {
    /// How many levels of lists and mappings one document may have: four times what a route file needs.
    package static let deepest = 64

    /// The document in the file at `path`; faults when it cannot be read, is not UTF-8, is over 1 GiB, or is not YAML.
    package static func load(path: String) throws(FaultyDocument) -> SourceNode {
        let (document, faults) = read(path: path)
        guard let document, faults.isEmpty else { throw FaultyDocument(faults) }
        return document
    }

    /// The same with all faults beside what can be looked at all the same: of a key that is given twice the first one
    /// counts. Only without faults may it be used for more than looking.
    package static func read(path: String) -> (document: SourceNode?, faults: [Fault]) {
        do throws(FaultyDocument) {
            return read(try TextFile.read(path), file: path)
        } catch {
            return (nil, error.faults)
        }
    }

    /// The document that `text` spells; `file` is the name that its faults carry. An empty text is `.null`.
    package static func parse(_ text: String, file: String) throws(FaultyDocument) -> SourceNode {
        let (document, faults) = read(text, file: file)
        guard let document, faults.isEmpty else { throw FaultyDocument(faults) }
        return document
    }

    /// The same as `read(path:)`, but the entries of the mapping under `key` at the top go to `take` one by one, and are not
    /// in the document: that of a million entries is never held. Nil when it cannot be read this way: what went to `take`
    /// means nothing then. A key given twice among these entries is for `take` to find.
    ///
    /// Keys and values are the same as `read(path:)` makes of the file, and so are faults. `share` is the part of the file that
    /// has been read, 0 to 1; `step` is how many bytes are read at a time.
    package static func stream(
        path: String,
        key: String,
        step: Int = 1 << 18,
        _ take: @escaping (_ entry: SourceNode.Entry, _ share: Double) -> Void
    ) -> (document: SourceNode?, faults: [Fault])? {
        do throws(TextWindow.Stop) {
            var stream = try DocumentStream(path: path, key: key, step: step, take)
            return stream.read()
        } catch {
            if case .unreadable(let refused) = error { return (nil, refused.faults) }
            return nil
        }
    }

    /// The document with all faults; see ``read(path:)``.
    package static func read(_ text: String, file: String) -> (document: SourceNode?, faults: [Fault]) {
        let reading = reading(of: text, file: file)
        return (reading.document, reading.faults)
    }

    struct Reading {
        var document: SourceNode?
        var faults: [Fault]
        /// Whether it is no YAML from some place on.
        var isSyntax = false
    }

    static func reading(of text: String, file: String) -> Reading {
        // An alias that comes through to Yams is expanded without a limit when it is part of a key. So the asterisk of
        // whatever may be an alias is exchanged for a character that means nothing, and put back below.
        let disarmed = AliasDisarming(text)
        do {
            let parser = try Parser(yaml: disarmed.text, resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else { return Reading(document: .nothing, faults: []) }
            // Yams' nodes hold their anchors weakly; the parser owns them.
            let (node, faults) = withExtendedLifetime(parser) {
                var translation = YAMLTranslation(file: file, disarmed: disarmed)
                let node = translation.node(root, depth: 0)
                return (node, translation.faults)
            }
            return Reading(document: faults.isEmpty ? node : nil, faults: faults)
        } catch YamlError.duplicatedKeysInMapping {
            let (document, faults) = DuplicateKeys(file: file, disarmed: disarmed).read()
            return Reading(document: document, faults: faults)
        } catch {
            let faults = YAMLComplaint(file: file, disarmed: disarmed).faults(for: error)
            return Reading(document: nil, faults: faults, isSyntax: true)
        }
    }
}

extension SourceNode {
    /// What an empty document holds.
    static let nothing = SourceNode(.null, at: SourcePosition(line: 1, column: 1))
}
