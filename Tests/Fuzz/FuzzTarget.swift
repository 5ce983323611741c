/// One thing that is fed with bytes that nobody vouches for.
enum FuzzTarget: String, CaseIterable {
    case event, cloudevent, routes, template, headers, retryafter, answer, json

    /// Feeds it one input; ends the process when a promise is broken.
    func feed(_ input: [UInt8]) {
        switch self {
        case .event: EventInput.feed(input)
        case .cloudevent: CloudEventInput.feed(input)
        case .routes: RoutesInput.feed(input)
        case .template: TemplateInput.feed(input)
        case .headers: HeadersInput.feed(input)
        case .retryafter: RetryAfterInput.feed(input)
        case .answer: AnswerInput.feed(input)
        case .json: JSONTextInput.feed(input)
        }
    }
}

/// A promise that must hold whatever the input; libFuzzer keeps the input that breaks it.
func promise(_ holds: Bool, _ what: @autoclosure () -> String, line: Int = #line, file: StaticString = #fileID) {
    if !holds { fatalError("broken promise at \(file):\(line): \(what())") }
}

/// Copies the bytes into memory of just their size, so that the address sanitizer sees a read past the end.
func exactly<Result>(_ bytes: [UInt8], _ body: (Span<UInt8>) -> Result) -> Result {
    let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = memory.initialize(from: bytes)
    defer { memory.deallocate() }
    return body(UnsafeBufferPointer(memory).span)
}

/// The input in parts, which bytes of 0 divide.
func parts(_ input: [UInt8], _ count: Int) -> [[UInt8]] {
    var parts = input.split(separator: 0, maxSplits: count - 1, omittingEmptySubsequences: false).map { Array($0) }
    while parts.count < count { parts.append([]) }
    return parts
}
