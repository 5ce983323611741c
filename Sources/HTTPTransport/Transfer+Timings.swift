internal import CCurl
internal import CShims

/// How long the parts of a transfer took, in microseconds from its start in libcurl; the look-up of the name happens
/// before and is not among them. Of several hops (redirects, other addresses) only the last one counts.
package struct TransferTimings: Sendable, Equatable {
    /// Until TCP stood; nil when no connection was opened: one was kept alive, or none came about. libcurl tells none
    /// either when TLS failed on it.
    package let connected: Int64?
    /// Until TLS stood; nil without TLS, or when it never stood.
    package let secured: Int64?
    /// Until the first byte of the answer; nil when there was none.
    package let firstByte: Int64?
    /// Until all was over.
    package let total: Int64
}

extension Transfer {
    /// Read from libcurl; only between completion and the next request (CURLINFO_CONNECT_TIME_T and its siblings).
    package var timings: TransferTimings {
        TransferTimings(
            connected: openedConnection ? time(CURLINFO_CONNECT_TIME_T) : nil,
            secured: openedConnection ? time(CURLINFO_APPCONNECT_TIME_T) : nil,
            firstByte: time(CURLINFO_STARTTRANSFER_TIME_T),
            total: time(CURLINFO_TOTAL_TIME_T) ?? 0
        )
    }

    /// libcurl says 0 for what did not happen.
    func time(_ info: CURLINFO) -> Int64? {
        var microseconds: Int64 = 0
        guard unsafe shim_easy_get_offset(easy, Int32(info.rawValue), &microseconds) == 0, microseconds > 0 else {
            return nil
        }
        return microseconds
    }
}
