import ArgumentParser
import Glibc

/// A tracker of our own for the demo and the integration tests: answers as the request asks, records what it got.
@main
struct SampleTracker: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample-tracker",
        abstract: "A small HTTP server that answers as each request asks, and records every request.",
        discussion: """
            The answer is chosen by query parameters, by the start of the path, or both (the query wins); any other
            value of these parameters is ignored, so that a tracker's own status=approved does no harm.

              status=503             /status/503      answer with this status (200...599)
              delay=1500ms|2s|1m     /delay/2s        wait before doing anything
              retry_after=5|date:5   /retry-after/5   add Retry-After in seconds, or as the date in 5 s
              body=TEXT              /body/TEXT       this body, percent-decoded
              content_type=TEXT                       its Content-Type (default text/plain)
              location=URL                            add Location
              headers=BYTES          /headers/BYTES   add one header of this size
              big=BYTES              /big/BYTES       a chunked body of this size
              slow=1|body            /slow            one byte a second: the whole answer, or only its body
              fail_first=N           /fail-first/N    503 for the first N requests with this path and cid, then 200
              close_after=1          /close-after     answer with Connection: close
              reset=1                /reset           TCP reset after reading the request
              close=1                /close           close without an answer
              hang=1                 /hang            never answer
              half=1                 /half            close without an answer, but only on a connection used before
              garbage=1              /garbage         answer with something that is not HTTP
              short=1                /short           announce a longer body than is sent, then close

            Words of the path can follow each other: /delay/2s/status/503/whatever. Everything else gets 200 ok.

            GET /_requests lists the requests as NDJSON (?path=PREFIX and ?last=N choose), GET /_count and GET /_stats
            count them, DELETE /_requests forgets them. These are not recorded themselves.
            """
    )

    @Option(help: "Where to listen: HOST:PORT or [IPV6]:PORT; port 0 takes a free one.")
    var listen = ListenAddress(host: "127.0.0.1", port: "0")

    @Option(help: "Append one JSON line per request to this file, written at once.")
    var record: String?

    @Flag(name: .customLong("print"), help: "Print one line per request on stdout.")
    var printsRequests = false

    @Flag(help: "End when stdin closes, so that the tracker never outlives the test that started it.")
    var untilStdinCloses = false

    func run() throws {
        // Everything recorded has been written already, so there is nothing to do but to go.
        signal(SIGTERM) { _ in _exit(0) }
        signal(SIGINT) { _ in _exit(0) }
        signal(SIGPIPE, SIG_IGN)
        // A parent that is a Swift program hands down the signal mask of its worker threads, which blocks both.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        sigprocmask(SIG_UNBLOCK, &signals, nil)
        Self.raiseDescriptorLimit()

        let file = try record.map { path in try OutputFile(path: path) }
        let listener = try Listener(listen)
        OutputFile.standardOutput.write(Array("listening on \(listener.address)\n".utf8))
        let server = try Server(
            listener: listener,
            journal: Journal(),
            record: file,
            log: printsRequests ? .standardOutput : nil
        )
        if untilStdinCloses {
            server.watchStandardInput()
        }
        try server.run()
    }

    /// 10,000 connections need as many descriptors, and the usual soft limit is 1,024.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
