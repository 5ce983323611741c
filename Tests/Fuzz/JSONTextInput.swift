import Delivery
import Foundation

@testable import Worker

/// Bytes that are written as the inside of a JSON string, as the delivery log does; and a history that another wrote.
enum JSONTextInput {
    static func feed(_ input: [UInt8]) {
        let limit = input.count % 3 == 0 ? 16 : 100_000
        var written: [UInt8] = [0x41]
        let fits = written.appendJSON(input.count * 6 + 64) { json in
            json.byte(0x22)
            input.withUnsafeBufferPointer { json.text($0, limit: limit) }
            json.byte(0x22)
        }
        promise(fits, "there is room for it")
        let value = try? JSONSerialization.jsonObject(with: Data(written.dropFirst()), options: .fragmentsAllowed)
        promise(value is String, "no JSON string: \(written)")
        // Foundation drops a byte order mark in front of a string's text.
        let isPlain = input.count <= limit && !input.contains(OtherOpinion.mark)
        if isPlain, let text = String(validating: input, as: UTF8.self) {
            promise((value as? String).map { Array($0.utf8) } == input, "\(text) became \(value ?? "-")")
        }
        var cramped: [UInt8] = [0x41]
        if !cramped.appendJSON(limit, { json in input.withUnsafeBufferPointer { json.text($0, limit: limit) } }) {
            promise(cramped == [0x41], "what does not fit leaves nothing")
        }
        history(input)
    }

    private static func history(_ input: [UInt8]) {
        var history = AttemptHistory(carried: String(decoding: input, as: UTF8.self))
        let error = String(decoding: input, as: UTF8.self)
        history.append(attempt: 2, at: 1_700_000_000_000, took: 7, status: 500, error: error, sends: 2)
        let list = (try? JSONSerialization.jsonObject(with: Data(history.json.utf8))) as? [Any]
        promise(list.map { (1...10).contains($0.count) } == true, "no history: \(history.json)")
        promise(history.json.utf8.count <= 16_384, "a history of \(history.json.utf8.count) bytes")
    }
}
