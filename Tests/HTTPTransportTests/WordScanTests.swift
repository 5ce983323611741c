import Testing

@testable import HTTPTransport

struct WordScanTests {
    /// Every byte at every place of texts that end within and at the end of a word.
    @Test(arguments: [1, 7, 8, 9, 16, 21])
    func `Each byte is judged as one by one, wherever it stands`(length: Int) {
        for place in 0..<length {
            for byte in UInt8.min ... .max {
                for filling in [UInt8(ascii: "a"), 0x80, 0xff, 0x21, 0x7e] {
                    var text = [UInt8](repeating: filling, count: length)
                    text[place] = byte
                    #expect(WordScan.isTarget(text) == (byte > 0x20 && byte != 0x7f))
                    #expect(WordScan.isOneLine(text) == (byte != 0x0d && byte != 0x0a && byte != 0))
                }
            }
        }
    }

    @Test func `Nothing is a target and a line`() {
        #expect(WordScan.isTarget([]))
        #expect(WordScan.isOneLine([]))
    }
}
