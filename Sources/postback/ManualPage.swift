/// The manual page of `postback`, in the macros of man(7).
struct ManualPage {
    private var lines: [String] = []

    var text: String { lines.joined(separator: "\n") }

    init(_ root: CommandDescription, version: String) {
        lines.append(#".TH POSTBACK 1 "" "postback \#(version)" "User Commands""#)
        section("NAME")
        lines.append("postback \\- \(Self.escaped(root.abstract?.trimmingFullStop ?? ""))")
        section("SYNOPSIS")
        lines.append(".B postback")
        lines.append(".I command")
        lines.append("[\\fIoptions\\fR]")
        section("DESCRIPTION")
        paragraphs(root.discussion)
        section("COMMANDS")
        for command in root.subcommands ?? [] where command.shouldDisplay && command.commandName != "help" {
            write(command, path: [root.commandName])
        }
        section("FILES")
        entry("\\fIpostback.yaml\\fR", "The configuration. Every key is also an environment variable, which wins.")
        entry("\\fIroutes.yaml\\fR", "The publishers' postbacks, read again when the file changes.")
        section("EXIT STATUS")
        entry("0", "Ok; for \\fBpostback run\\fR: drained.")
        entry("1", "The thing that was checked or tried failed.")
        entry("2", "Wrong usage, or a configuration that is refused.")
        entry("3", "No broker.")
        section("SEE ALSO")
        lines.append("The README, and the schemas of the configuration, the routes and the events, in")
        lines.append(".I /usr/local/share/doc/postback")
        lines.append("or wherever postback was installed.")
    }

    private mutating func section(_ title: String) { lines.append(".SH \(title)") }

    private mutating func entry(_ term: String, _ text: String) {
        lines += [".TP", term, text]
    }

    private mutating func write(_ command: CommandDescription, path: [String]) {
        let path = path + [command.commandName]
        let subcommands = (command.subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
        guard subcommands.isEmpty else {
            for subcommand in subcommands { write(subcommand, path: path) }
            return
        }
        let arguments = (command.arguments ?? []).filter { $0.shouldDisplay && !$0.isHelp }
        lines.append(".SS " + Self.escaped(path.joined(separator: " ")))
        let synopsis = arguments.filter { $0.kind == "positional" }.map { argument in
            let name = "\\fI\(Self.escaped(argument.valueName ?? "value"))\\fR" + (argument.isRepeating ? " ..." : "")
            return argument.isOptional ? "[\(name)]" : name
        }
        if !synopsis.isEmpty {
            lines.append("\\fB\(Self.escaped(path.joined(separator: " ")))\\fR \(synopsis.joined(separator: " "))")
            lines.append(".PP")
        }
        paragraphs([command.abstract, command.discussion].compactMap { $0 }.joined(separator: "\n\n"))
        for argument in arguments where argument.kind != "positional" || argument.abstract != nil {
            entry(Self.term(argument), Self.explanation(argument))
        }
    }

    private static func term(_ argument: CommandDescription.Argument) -> String {
        let value = "\\fI\(escaped(argument.valueName ?? "value"))\\fR"
        guard argument.kind != "positional" else { return value }
        let names = (argument.names ?? []).map { "\\fB\(escaped($0.text))\\fR" }.joined(separator: ", ")
        return argument.kind == "option" ? "\(names) \(value)" : names
    }

    private static func explanation(_ argument: CommandDescription.Argument) -> String {
        var sentences = [argument.abstract, argument.discussion].compactMap { $0 }.filter { !$0.isEmpty }
        if let value = argument.defaultValue, argument.kind == "option" { sentences.append("Default: \(value).") }
        return escaped(sentences.joined(separator: " "))
    }

    private mutating func paragraphs(_ text: String?) {
        var isFirst = true
        var hadBlank = false
        for line in (text ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
            let words = line.drop { $0 == " " }
            if words.isEmpty {
                hadBlank = true
                continue
            }
            if hadBlank, !isFirst { lines.append(".PP") }
            lines.append(Self.escaped(String(words)))
            isFirst = false
            hadBlank = false
        }
    }

    /// Text as troff reads it: no escapes of its own, no request at the beginning of a line, hyphens that are minus signs.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\\": escaped += "\\e"
            case "-": escaped += "\\-"
            case "\n", "\r\n": escaped += " "
            default: escaped.append(character)
            }
        }
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }
}

extension String {
    fileprivate var trimmingFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
