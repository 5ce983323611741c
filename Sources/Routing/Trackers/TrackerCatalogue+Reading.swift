package import Documents

extension TrackerCatalogue {
    /// The built-in catalogue with the `trackers` of a configuration: each adds one, or takes the place of the one with
    /// its name.
    ///
    /// Tells everything that is wrong at once; entries with an error are left out. `file` is the name the faults
    /// carry, `vocabulary` the tokens that may stand in a URL.
    package static func adding(
        _ node: SourceNode,
        file: String,
        vocabulary: TokenVocabulary = .standard
    ) -> (catalogue: TrackerCatalogue, faults: [Fault]) {
        var reader = TrackerReader(file: file, vocabulary: vocabulary)
        var catalogue = TrackerCatalogue.builtIn
        let trackers = reader.read(node)
        for tracker in trackers { catalogue.add(tracker) }
        catalogue.faulty = Set((node.entries ?? []).map { $0.key.lowercased() }).subtracting(trackers.map(\.name))
        return (catalogue, reader.routes.log.faults)
    }
}
