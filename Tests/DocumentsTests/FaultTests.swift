import Documents
import Testing

@Suite("A fault")
struct FaultTests {
    @Test("is written the way compilers write them")
    func description() {
        let fault = Fault(
            file: "routes.yaml",
            position: SourcePosition(line: 12, column: 9),
            path: "publishers.1001.global.url",
            "the url is empty",
            hint: "write one"
        )
        #expect(
            fault.description == "routes.yaml:12:9: error: publishers.1001.global.url: the url is empty (write one)"
        )
    }

    @Test("leaves out what it does not know")
    func sparse() {
        #expect(Fault(.warning, file: "a.yaml", "odd").description == "a.yaml: warning: odd")
    }

    @Test("stands in the order of the lines in a faulty document")
    func order() {
        let faults = [(3, 1), (1, 9), (1, 2)].map { line, column in
            Fault(file: "f", position: SourcePosition(line: line, column: column), "\(line):\(column)")
        }
        let document = FaultyDocument(faults + [Fault(file: "f", "whole")])
        #expect(document.faults.map(\.message) == ["whole", "1:2", "1:9", "3:1"])
        #expect(document.description.split(separator: "\n").count == 4)
    }
}
