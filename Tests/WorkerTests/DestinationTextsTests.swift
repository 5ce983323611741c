import Delivery
import HTTPTransport
import Routing
import Testing

@testable import Worker

@Suite("Texts of destinations")
struct DestinationTextsTests {
    private static func destination(_ host: String) -> Destination {
        Destination(scheme: .https, host: host, port: 443)
    }

    @Test("are made once for each number, and again after it was taken back")
    func once() {
        var texts = DestinationTexts()
        let a = texts.entry(3, Self.destination("a.example"))
        #expect(a == DestinationTexts.Entry(Self.destination("a.example")))
        #expect(texts.entry(3, Self.destination("b.example")) == a)
        texts.forget(3)
        texts.forget(99)
        #expect(texts.entry(3, Self.destination("b.example")).host == Array("b.example".utf8))
        #expect(texts.entry(0, Self.destination("c.example")).origin == Array("https://c.example".utf8))
    }

    @Test("are nobody's without a number")
    func numberless() {
        var texts = DestinationTexts()
        #expect(texts.entry(-1, Self.destination("a.example")).host == Array("a.example".utf8))
        #expect(texts.entry(-1, Self.destination("b.example")).host == Array("b.example".utf8))
    }

    /// The log told the host that had the number before.
    @Test("follow a number that an idle destination gave back and another one got")
    func givenBack() throws {
        let stage = try LaneStage(
            routes: """
                publishers:
                  "1": { global: { url: "https://a.example.com/?c={{click_id}}" } }
                  "2": { global: { url: "https://b.example.com/?c={{click_id}}" } }
                """,
            isLogging: true
        )
        defer { stage.end() }
        let log = try #require(stage.lane.log)
        stage.answer = .answered(status: 200, bodyComplete: true)
        stage.connect()
        for publisher in ["1", "2"] {
            stage.connection.bring(1, #"{"id": "e", "publisher_id": "\#(publisher)", "click_id": "c"}"#)
            stage.turn()
            stage.turn()
            let host = "\(publisher == "1" ? "a" : "b").example.com"
            #expect(stage.lane.originNumbers.key(of: 0)?.host == host)
            let postback = try #require(stage.lane.routes.postback(forKey: Array("\(publisher)/global/default".utf8)))
            #expect(log.destination(0, of: postback).host == Array(host.utf8))
            // Idle for ten minutes.
            stage.turn(after: 700_000_000_000)
            #expect(stage.lane.originNumbers.key(of: 0) == nil)
        }
        #expect(stage.started == 2)
    }
}
