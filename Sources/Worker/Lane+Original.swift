import Delivery
import Routing

/// Replays to the original template (CONTRACT section 6).
extension Lane {
    /// A letter that is to be sent to the template it was first tried with, in place of today's.
    func takeOriginal(_ task: DeliveryTask, _ template: String, _ key: [UInt8]) {
        switch originals.postback(of: template, forKey: key, in: routes, mask: handOffs.mask) {
        case .success(let postback):
            task.postback = postback
            enqueue(task)
        case .failure(let fault):
            task.lastError = "the original template cannot be sent: \(fault)"
            deadLetter(task, .invalidURL, url: nil)
        }
    }
}
