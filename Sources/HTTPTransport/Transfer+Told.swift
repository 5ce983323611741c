/// An end that is told in place of met: for a transport that plays the network (`Tests/Simulation`). A transfer that has
/// been told one is not to go to libcurl afterwards.
extension Transfer {
    /// The request is on its way to this destination.
    package func begin(at origin: Origin) { self.origin = origin }

    /// - Parameters:
    ///   - sends: how many times the request was put on a connection.
    ///   - headers: the answer's, by the names that they are asked for.
    ///   - body: the answer's.
    package func conclude(
        as result: TransferResult,
        sends: Int,
        openedConnection: Bool,
        headers: [String: [UInt8]] = [:],
        body: [UInt8] = []
    ) {
        self.result = result
        self.sends = sends
        self.openedConnection = openedConnection
        earlierResends = 0
        toldHeaders = headers
        bodyHead = Array(body.prefix(max(keptBytes, options.keptHead)))
        bodyCount = body.count
    }
}
