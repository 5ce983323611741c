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

    /// What a person may enter.
    var description: String {
        switch self {
        case .domain: "a domain, with a port if it has one"
        case .path: "a path"
        case .word: "letters, digits, -, ., _ and ~"
        case .number: "digits"
        case .hexadecimal(let digits): "\(digits) hexadecimal digits"
        case .uuid: "32 hexadecimal digits, with hyphens or without"
        case .text: "a text, with tokens if you like"
        case .choice(let words): words.joined(separator: " or ")
        }
    }
}
