extension ConversionEvent {
    /// Keeps a body without looking into it: there are no fields, as after a fault.
    package mutating func keep(_ body: Span<UInt8>) {
        reset()
        storage.removeAll(keepingCapacity: true)
        body.withUnsafeBufferPointer { storage.append(contentsOf: $0) }
        bodyCount = body.count
    }
}
