/// Which `name=value` pairs of a URL are secret by their names: found once for all URLs that one template makes, since in
/// those the names stand fast and a value, being percent-encoded, brings no pair of its own.
package struct SecretPairs: Sendable, Hashable {
    /// A bit for each pair, in the order of the text. What stands between two marks is a pair, also when it is empty.
    fileprivate var bits: UInt64 = 0

    /// The request target with the secret values hidden, as `SecretMask.url` shows it behind `origin`. Nil when that has to
    /// look closer, because a secret stands in another place as well.
    ///
    /// - Parameter target: of the same template; no value of it may hold a URL or form of its own.
    package func masked(_ target: [UInt8], origin: [UInt8]) -> [UInt8]? {
        var shown: [UInt8] = []
        shown.reserveCapacity(target.count + 8)
        var hidden: [Range<Int>] = []
        var done = 0
        SecretMask.forEachPair(target, from: SecretMask.queryStart(target, from: 0)) { number, name, end in
            guard number < UInt64.bitWidth, bits >> UInt64(number) & 1 == 1, let name else { return end }
            let value = name.upperBound + 1..<SecretMask.secretEnd(target, from: end)
            if value.isEmpty { return end }
            shown.append(contentsOf: target[done..<value.lowerBound])
            shown.append(contentsOf: SecretMask.mask.utf8)
            if value.count >= SecretMask.repeatedLength { hidden.append(value) }
            done = value.upperBound
            return done
        }
        shown.append(contentsOf: target[done...])
        for value in hidden where Self.holds(shown, target, value) || Self.holds(origin, target, value) { return nil }
        return shown
    }

    private static func holds(_ text: [UInt8], _ source: [UInt8], _ part: Range<Int>) -> Bool {
        let first = source[part.lowerBound]
        var start = 0
        while start + part.count <= text.count {
            if text[start] == first, text[start..<start + part.count].elementsEqual(source[part]) { return true }
            start += 1
        }
        return false
    }
}

extension SecretMask {
    /// The pairs of a request target that are secret by their names; nil when it has too many to tell.
    package func secretPairs(in target: [UInt8]) -> SecretPairs? {
        var pairs = SecretPairs()
        var isComplete = true
        Self.forEachPair(target, from: Self.queryStart(target, from: 0)) { number, name, end in
            guard let name, isSecret(name: target, name) else { return end }
            if number >= UInt64.bitWidth { isComplete = false } else { pairs.bits |= 1 << UInt64(number) }
            return Self.secretEnd(target, from: end)
        }
        return isComplete ? pairs : nil
    }
}
