import Documents
import Settings
import Testing

@Suite("Settings come from the file and the environment")
struct WorkerSettingsTests {
    @Test("a setting is read from the file", arguments: SettingCase.all)
    func readsFile(setting: SettingCase) throws {
        var expected = WorkerSettings()
        setting.afterFile(&expected)
        let settings = try WorkerSettings.parse(setting.document, file: "postback.yaml")
        #expect(Picture(settings) == Picture(expected))
        #expect(Picture(settings) != Picture(WorkerSettings()))
    }

    @Test("a setting is read from its variable when there is no file", arguments: SettingCase.all)
    func readsVariable(setting: SettingCase) throws {
        var expected = WorkerSettings()
        setting.afterVariable(&expected)
        let environment = [setting.variable: setting.inVariable]
        let settings = try WorkerSettings.load(path: "/no/such/file", required: false, environment: environment)
        #expect(Picture(settings) == Picture(expected))
    }

    @Test("the variable wins over the file", arguments: SettingCase.all)
    func variableWins(setting: SettingCase) throws {
        var expected = WorkerSettings()
        setting.afterVariable(&expected)
        let environment = [setting.variable: setting.inVariable]
        let settings = try WorkerSettings.parse(setting.document, file: "postback.yaml", environment: environment)
        #expect(Picture(settings) == Picture(expected))
    }

    @Test("the cases of these tests are all settings but those with a test of their own")
    func casesAreComplete() {
        let own: Set = ["broker.tls.cert", "broker.tls.key", "egress.tls.cert", "egress.tls.key", "trackers"]
        #expect(Set(SettingCase.all.map(\.path)).union(own) == Set(WorkerSettings.keys.map(\.path)))
        #expect(
            SettingCase.all.allSatisfy { setting in WorkerSettings.keys.contains { $0.variable == setting.variable } }
        )
    }

    @Test("the annotated example holds every setting at its default")
    func exampleIsDefault() throws {
        var expected = WorkerSettings()
        expected.routes.file = Repository.root + "/schemas/examples/routes.yaml"
        let settings = try WorkerSettings.load(path: Repository.example, required: true, environment: [:])
        #expect(Picture(settings) == Picture(expected))
        let root = try YAMLDocument.load(path: Repository.example)
        for key in WorkerSettings.keys {
            let node = key.path.split(separator: ".").reduce(Optional(root)) { node, name in
                node?.entries?.first { $0.key == name }?.value
            }
            #expect(node != nil, "\(key.path) is missing in the example")
        }
    }

    @Test("a certificate and its key come together, from the file or from variables")
    func readsCertificate() throws {
        let text = "broker: { tls: { cert: tls/c.pem, key: tls/k.pem } }"
        let fromFile = try WorkerSettings.parse(text, file: "/etc/postback/postback.yaml")
        #expect(fromFile.broker.tls.cert == "/etc/postback/tls/c.pem")
        #expect(fromFile.broker.tls.key == "/etc/postback/tls/k.pem")
        let environment = ["POSTBACK_BROKER_TLS_CERT": "c.pem", "POSTBACK_BROKER_TLS_KEY": "k.pem"]
        let fromVariables = try WorkerSettings.parse(
            text,
            file: "/etc/postback/postback.yaml",
            environment: environment
        )
        #expect(fromVariables.broker.tls.cert == "c.pem")
        #expect(fromVariables.broker.tls.key == "k.pem")
    }

    @Test("trackers are kept as written, with the file to name in their faults")
    func keepsTrackers() throws {
        let text = "\ntrackers:\n  mine: { url: \"https://{{domain}}/p\" }"
        let fromFile = try WorkerSettings.parse(text, file: "p.yaml")
        #expect(fromFile.trackers.entries?.first?.keyPosition == SourcePosition(line: 3, column: 3))
        #expect(fromFile.trackersFile == "p.yaml")
        let environment = ["POSTBACK_TRACKERS": #"{"theirs":{}}"#]
        let fromVariable = try WorkerSettings.parse(text, file: "p.yaml", environment: environment)
        #expect(fromVariable.trackers.entries?.map(\.key) == ["theirs"])
        #expect(fromVariable.trackersFile == "environment")
    }

    @Test(
        "paths of the file start at its folder",
        arguments: [
            ("/etc/pb/postback.yaml", "routes: { file: a/r.yaml }", "/etc/pb/a/r.yaml"),
            ("/etc/pb/postback.yaml", "routes: { file: /r.yaml }", "/r.yaml"),
            ("/etc/pb/postback.yaml", "", "/etc/pb/routes.yaml"),
            ("conf/postback.yaml", "routes: { file: ../r.yaml }", "conf/../r.yaml"),
            ("postback.yaml", "routes: { file: r.yaml }", "r.yaml"),
        ]
    )
    func resolvesPaths(file: String, text: String, expected: String) throws {
        #expect(try WorkerSettings.parse(text, file: file).routes.file == expected)
    }

    @Test("the path of a secret's file starts at the folder of the configuration")
    func resolvesSecret() throws {
        let settings = try WorkerSettings.parse("secrets: { a: { file: keys/a } }", file: "/etc/pb/postback.yaml")
        #expect(settings.secrets["a"] == .file("/etc/pb/keys/a"))
        #expect(settings.secrets["b"] == nil)
    }

    @Test("a file that is not required may be missing")
    func missingFile() throws {
        let settings = try WorkerSettings.load(path: "/no/such/postback.yaml", required: false, environment: [:])
        #expect(Picture(settings) == Picture(WorkerSettings()))
        let refusal = #expect(throws: FaultyDocument.self) {
            try WorkerSettings.load(path: "/no/such/postback.yaml", required: true, environment: [:])
        }
        #expect(refusal?.description == "/no/such/postback.yaml: error: cannot be read: No such file or directory")
    }

    @Test("an address to listen on is taken apart")
    func takesAddressApart() throws {
        let six = try WorkerSettings.parse("admin: { listen: \"[::1]:80\" }", file: "f").admin.address
        #expect(six?.host == "::1" && six?.port == 80)
        let name = try WorkerSettings.parse("admin: { listen: localhost:0 }", file: "f").admin.address
        #expect(name?.host == "localhost" && name?.port == 0)
        #expect(try WorkerSettings.parse("admin: { listen: off }", file: "f").admin.address == nil)
    }

    @Test("sections and mappings with nothing in them are defaults")
    func emptySections() throws {
        let text = "broker:\nretry:\ntokens: { aliases: , custom: ~ }\nsecrets:\ntrackers: null\n"
        let settings = try WorkerSettings.parse(text, file: "postback.yaml")
        #expect(Picture(settings) == Picture(WorkerSettings()))
    }
}
