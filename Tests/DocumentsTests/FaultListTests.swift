import Documents
import Testing

@Suite("Faults of several files")
struct FaultListTests {
    private func fault(_ file: String, _ line: Int?, _ message: String = "") -> Fault {
        Fault(file: file, position: line.map { SourcePosition(line: $0, column: 1) }, message)
    }

    @Test("are told file by file, those without a line first")
    func order() {
        let faults = [
            fault("routes.yaml", 7), fault("postback.yaml", 9), fault("routes.yaml", nil), fault("environment", nil),
            fault("postback.yaml", 2),
        ]
        #expect(
            FaultList.sorted(faults).map(\.description) == [
                "environment: error: ", "postback.yaml:2:1: error: ", "postback.yaml:9:1: error: ",
                "routes.yaml: error: ", "routes.yaml:7:1: error: ",
            ]
        )
    }

    @Test("of one place stay in their order")
    func stable() {
        let faults = (0..<50).map { fault("f", 1, "\($0)") }
        #expect(FaultList.sorted(faults).map(\.message) == faults.map(\.message))
    }

    @Test(
        "are placed by the path of their key",
        arguments: [
            ("tokens", 1), ("tokens.custom", 2), ("tokens.custom.a", 3), ("tokens.custom.a.b", 4),
            ("tokens.custom.missing", 2), ("tokens.custom.a.b.deeper", 4), ("other", nil), ("", nil),
        ] as [(String, Int?)]
    )
    func position(path: String, line: Int?) {
        func node(_ entries: [(String, Int, SourceNode)]) -> SourceNode {
            SourceNode(
                .mapping(
                    entries.map {
                        .init(key: $0.0, keyPosition: SourcePosition(line: $0.1, column: 1), value: $0.2)
                    }
                ),
                at: SourcePosition(line: 1, column: 1)
            )
        }
        let text = SourceNode(.scalar("x", quoted: false), at: SourcePosition(line: 1, column: 9))
        let custom = node([("a.b", 4, text), ("a", 3, text)])
        #expect(node([("tokens", 1, node([("custom", 2, custom)]))]).position(ofPath: path)?.line == line)
    }
}
