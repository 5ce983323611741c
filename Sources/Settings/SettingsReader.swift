import Documents

/// Reads settings out of a document and the environment, environment first, and collects every fault on the way.
///
/// Duties: 1. find the value of a key, 2. remember which keys exist, 3. in the end refuse keys and variables that do not.
/// A class because every section and value of one reading adds to the same list of faults.
final class SettingsReader {
    /// The file name that faults of variables carry.
    static let environmentName = "environment"

    let file: String
    /// The folder of the configuration file, nil when none was read.
    let folder: String?
    let environment: [String: String]
    private let root: SourceNode
    private(set) var keys: [SettingKey] = []
    private(set) var faults: [Fault] = []
    private var sections: [SettingsSection] = []
    /// Variables that somebody else reads: those that hold the secrets.
    private var foreignVariables: Set<String> = []

    /// `root` is nil when there is no configuration file, or none that could be parsed.
    init(root: SourceNode?, file: String, environment: [String: String]) {
        self.root = root ?? .nothing
        self.file = file
        self.environment = environment
        if root == nil {
            folder = nil
        } else {
            folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        }
    }

    func add(_ fault: Fault) {
        faults.append(fault)
    }

    func add(_ key: SettingKey) {
        keys.append(key)
    }

    func allowVariable(_ name: String) {
        foreignVariables.insert(name)
    }

    /// The whole document as a section without a name.
    func document() -> SettingsSection {
        section(path: "", node: root)
    }

    /// Opens a section whose entries stand in `node`; nil when the file does not hold it.
    func section(path: String, node: SourceNode?) -> SettingsSection {
        if let node, node.entries == nil {
            let wanted = path.isEmpty ? "the configuration must be a mapping" : "must be a mapping"
            add(Fault(file: file, position: node.position, path: path, "\(wanted), not \(node.kind)"))
        }
        let section = SettingsSection(reader: self, path: path, node: node)
        sections.append(section)
        return section
    }

    /// Refuses what nothing has asked for. Call it when all is read.
    func refuseUnknown() {
        for section in sections { section.refuseUnknownKeys(among: keys) }
        forgetSections()
        let check = SettingsVariables(known: Set(keys.map(\.variable)), foreign: foreignVariables)
        faults += check.faults(in: environment)
    }

    /// They and this reader refer to each other: call it when all is read.
    func forgetSections() {
        sections = []
    }
}
