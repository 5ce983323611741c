package import EventLoop

/// Connects a lane's consumer; the end of each try comes as a letter.
package protocol LaneConnector: AnyObject {
    /// Starts one try with the URL of this number.
    func start(urlIndex: Int) throws(SystemError)

    /// The letter is here.
    func finish()
}

/// The broker's connector with the thread of the try that is under way. Confined to the lane's thread.
final class ConnectorThread: LaneConnector {
    private let connector: BrokerConnector
    private var thread: LoopThread?

    init(_ connector: BrokerConnector) {
        self.connector = connector
    }

    func start(urlIndex: Int) throws(SystemError) { thread = try connector.start(urlIndex: urlIndex) }

    func finish() {
        thread?.join()
        thread = nil
    }
}
