/// Why a template cannot be filled for this event: permanent, since the event and the template stay what they are.
package enum RenderFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The event has no click id, and the template asks for it under this name.
    case missingToken(String)
    /// The value of this token would bring a control character, such as a line break, into a header.
    case unsafeHeaderValue(String)
    /// What is rendered would be longer than so many bytes.
    case tooLong(limit: Int)
    /// A value would turn a path segment into `.` or `..`, and the request would go to another path.
    case dotSegment
    /// The value of this token is not what a filter works on: no number, or no time.
    case unfitValue(token: String, filter: String, wanted: String)
    /// A digest or a signature could not be computed; the text says why.
    case digestFailed(String)

    package var description: String {
        switch self {
        case .missingToken(let name):
            "the event has no value for {{\(name)}}, and a postback is never sent without it"
        case .unsafeHeaderValue(let name):
            "the event's value for {{\(name)}} holds a control character, such as a line break, and may not stand in a header"
        case .tooLong(let limit):
            "with this event's values it would be longer than \(limit) bytes"
        case .dotSegment:
            "a value would make a path segment \".\" or \"..\", and the request would go to another path"
        case .unfitValue(let token, let filter, let wanted):
            "the event's value for {{\(token)}} is not \(wanted), which the filter \(filter) needs"
        case .digestFailed(let reason): reason
        }
    }
}
