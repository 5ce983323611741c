extension TrackerCatalogue {
    /// The list for a terminal: name, what to enter, verified, title; ends without a line break.
    package var table: String {
        let rows = trackers.map { [$0.name, $0.inputSummary, $0.isVerified ? "yes" : "no", $0.title] }
        return TextTable.lines([["NAME", "ENTER", "VERIFIED", "TRACKER"]] + rows, indent: "")
    }

    /// All entries as one JSON object: `{"trackers":[...]}`.
    package var json: String {
        JSONText.object(["trackers": .list(trackers.map { .object($0.members) })]).written
    }
}
