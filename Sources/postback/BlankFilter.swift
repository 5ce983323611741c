import ArgumentParser
import Foundation

/// A filter without a value, such as an unset variable of a shell, means everything to some and nothing to others: it is
/// refused.
enum BlankFilter {
    static func refuse(_ values: [String], of option: String) throws {
        for value in values where value.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty {
            throw ValidationError("--\(option) is empty: give it a value, or leave it out")
        }
    }
}
