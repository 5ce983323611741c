package import Documents

extension RouteTable {
    /// Makes a table of a routes document, and tells everything that is wrong with it at once.
    ///
    /// `secrets` are what templates and signatures may name, `trackers` what `tracker` may. `refusal` says why requests
    /// to a destination will be refused, as far as its URL tells; that is a warning. The table is nil when any
    /// fault is an error; warnings do not stop it. `file` is the name the faults carry.
    package static func load(
        _ document: SourceNode,
        file: String,
        vocabulary: TokenVocabulary = .standard,
        secrets: SecretStore = .empty,
        trackers: TrackerCatalogue = .builtIn,
        refusal: @escaping (Destination) -> String? = { _ in nil }
    ) -> (table: RouteTable?, faults: [Fault]) {
        let loader = RouteLoader(
            file: file,
            vocabulary: vocabulary,
            secrets: secrets,
            trackers: trackers,
            refusal: refusal
        )
        return loader.finish(document)
    }
}
