extension TrackerInput.Kind {
    /// The words for the kinds in a configuration; a choice is given by its words instead.
    static let words = ["domain", "path", "word", "number", "hexadecimal", "uuid", "text"]

    /// The kind that one of ``words`` names; a word for every other.
    init(word: String) {
        switch word {
        case "domain": self = .domain
        case "path": self = .path
        case "number": self = .number
        case "hexadecimal": self = .hexadecimal(digits: 32)
        case "uuid": self = .uuid
        case "text": self = .text
        default: self = .word
        }
    }

    /// nil for a choice.
    var word: String? {
        switch self {
        case .domain: "domain"
        case .path: "path"
        case .word: "word"
        case .number: "number"
        case .hexadecimal: "hexadecimal"
        case .uuid: "uuid"
        case .text: "text"
        case .choice: nil
        }
    }
}
