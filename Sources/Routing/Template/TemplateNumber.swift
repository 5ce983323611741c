/// Names a template in the ``TemplatePool`` it was added to.
struct TemplateNumber: Sendable, Hashable {
    var value: UInt32

    init(_ value: UInt32) {
        self.value = value
    }
}
