/// Something of his own account that the publisher enters beside the tracker's name.
package struct TrackerInput: Sendable, Hashable {
    /// How what is entered is checked.
    package enum Kind: Sendable, Hashable {
        /// A host name, with a port if it has one; a name in another script is brought to ASCII.
        case domain
        /// One or more segments of a path, without tokens.
        case path
        /// Letters, digits, `-`, `.`, `_` and `~` (RFC 3986, section 2.3): stands in a URL as it is.
        case word
        /// Digits.
        case number
        /// So many hexadecimal digits.
        case hexadecimal(digits: Int)
        /// 32 hexadecimal digits, with or without the hyphens of RFC 9562.
        case uuid
        /// The value of a parameter: text with tokens.
        case text
        /// One of these words.
        case choice([String])
    }

    /// The key in the routes, and the `<name>` in the tracker's URL.
    package var name: String
    package var kind: Kind
    /// What it is and where the publisher finds it.
    package var meaning: String
    package var example: String
    package var isRequired: Bool
    /// What is taken when nothing is entered; nil: the part of the URL that asks for it is left out.
    package var usual: String?
    /// What is entered is shown nowhere: `***` stands in its place wherever the URL is.
    package var isSecret = false

    package init(
        _ name: String,
        _ kind: Kind,
        _ meaning: String,
        example: String,
        isRequired: Bool = true,
        usual: String? = nil
    ) {
        self.name = name
        self.kind = kind
        self.meaning = meaning
        self.example = example
        self.isRequired = isRequired
        self.usual = usual
    }

    /// Something that must be entered.
    static func required(_ name: String, _ kind: Kind, _ meaning: String, example: String) -> Self {
        Self(name, kind, meaning, example: example)
    }

    /// Something that may be entered.
    static func optional(
        _ name: String,
        _ kind: Kind,
        _ meaning: String,
        example: String,
        usual: String? = nil
    ) -> Self {
        Self(name, kind, meaning, example: example, isRequired: false, usual: usual)
    }

    /// The same, and what is entered is a secret.
    var kept: Self {
        var input = self
        input.isSecret = true
        return input
    }

    /// The host of the publisher's account.
    static func domain(example: String, _ meaning: String = "the domain of your account") -> Self {
        .required("domain", .domain, meaning, example: example)
    }

    /// `http` or `https`, for trackers whose page shows `http`: not every domain of theirs has a certificate.
    static func scheme(usual: String) -> Self {
        .optional(
            "scheme",
            .choice(["https", "http"]),
            "http or https, as your account shows it",
            example: "https",
            usual: usual
        )
    }
}
