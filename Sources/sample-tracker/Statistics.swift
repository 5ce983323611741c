/// What the server counts about itself; `DELETE /_requests` does not touch it.
struct Statistics {
    /// Connections accepted so far.
    var accepted: UInt64 = 0
    /// Connections open now, the one that asks included.
    var open = 0
    /// Recorded requests so far.
    var requests = 0
    /// Requests refused because they were not correct HTTP, and the reason for the last of them.
    var malformed = 0
    var lastMalformed: String?

    /// As a JSON object. `kept` and `dropped` are the journal's requests, there and pushed out by later ones.
    func json(kept: Int, dropped: Int) -> [UInt8] {
        var json = JSONText()
        json.raw("{\"connections_accepted\":")
        json.number(accepted)
        json.raw(",\"connections_open\":")
        json.number(open)
        json.raw(",\"requests\":")
        json.number(requests)
        json.raw(",\"kept\":")
        json.number(kept)
        json.raw(",\"dropped\":")
        json.number(dropped)
        json.raw(",\"malformed\":")
        json.number(malformed)
        json.raw(",\"last_malformed\":")
        if let lastMalformed { json.string(Array(lastMalformed.utf8)) } else { json.raw("null") }
        json.raw("}\n")
        return json.bytes
    }
}
