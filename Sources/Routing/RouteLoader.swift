package import Documents

/// Makes a table of a routes document whose publishers come one by one, so that nobody holds the document of a million.
/// Confined to one thread.
package final class RouteLoader {
    private var reader: RouteReader
    private var count = 0

    /// So many publishers tell what the others are like.
    private static let sample = 4_096

    /// The parameters are those of `RouteTable.load`; of the warnings the first `mostWarnings` are kept, 0 or more.
    package init(
        file: String,
        vocabulary: TokenVocabulary = .standard,
        secrets: SecretStore = .empty,
        trackers: TrackerCatalogue = .builtIn,
        mostWarnings: Int = .max,
        refusal: @escaping (Destination) -> String? = { _ in nil }
    ) {
        reader = RouteReader(file: file, vocabulary: vocabulary, secrets: secrets, mostWarnings: mostWarnings)
        reader.trackers = trackers
        reader.refusal = refusal
    }

    /// One publisher of the document that `finish` gets without it. `share` is the part of the file that has been read,
    /// 0 to 1.
    package func take(_ publisher: SourceNode.Entry, share: Double) {
        reader.read(publisher: publisher)
        count += 1
        if count == Self.sample, share > 0, share < 1 { reader.draft.reserve(factor: 1.05 / share) }
    }

    /// The warnings so far that were counted and not kept.
    package var omittedWarnings: Int { reader.log.omittedWarnings }

    /// The table, of the publishers that were taken and those in `document`; nil when any fault is an error.
    package func finish(_ document: SourceNode) -> (table: RouteTable?, faults: [Fault]) {
        reader.read(document)
        let faults = reader.log.faults
        if reader.log.errorCount > 0 { return (nil, faults) }
        let compiler = reader.compiler
        let draft = reader.takeDraft()
        return (RouteTable(RouteStore(draft), compiler: compiler), faults)
    }
}
