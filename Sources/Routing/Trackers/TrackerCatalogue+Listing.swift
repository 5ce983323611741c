extension TrackerCatalogue {
    /// The list for a terminal; what may be left out stands in brackets. Ends without a line break.
    package var table: String {
        let rows = trackers.map { [$0.name, $0.title, $0.isVerified ? "yes" : "no", $0.inputSummary] }
        return TextTable.lines([["NAME", "TRACKER", "VERIFIED", "ENTER"]] + rows, indent: "")
    }

    /// All entries as one JSON object: `{"trackers":[...]}`.
    package var json: String {
        JSONText.object([("trackers", .list(trackers.map { .object($0.described + $0.shape) }))]).written
    }
}
