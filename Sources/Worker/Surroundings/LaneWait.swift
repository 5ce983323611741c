package import EventLoop
import HTTPTransport
import Logging
import Telemetry

/// A lane's clocks, and how it waits for what is next. Confined to the lane's thread.
package protocol LaneWait: AnyObject {
    /// Nanoseconds; never goes back.
    var monotonic: Int64 { get }
    /// Milliseconds since the Unix epoch.
    var wall: Int64 { get }

    /// From now on `wait` also ends when something arrives on this connection.
    func watch(_ connection: any ConsumingConnection) throws(SystemError)
    func forget(_ connection: any ConsumingConnection)

    /// Ends when something happens, or after so many milliseconds; has the lane read its clocks, then tells it what it is.
    func wait(milliseconds: Int32, for lane: Lane)
}
