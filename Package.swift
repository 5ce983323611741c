// swift-tools-version: 6.2
import PackageDescription

/// What every target is built with: Swift 6 mode, the upcoming features SWIFT.md tried, and no warnings.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
    // The run-time checks of exclusive access cost 3 % of a delivery; debug builds, and so all tests, keep them.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

/// The targets that touch C pointers say so at every use.
let strictMemory: [SwiftSetting] = strict + [.strictMemorySafety()]

/// Fuzzing needs the toolchain's libFuzzer and an instrumented build of its own (`Tests/fuzz`): ordinary builds know
/// nothing of it.
let fuzzing: [Target] =
    Context.environment["POSTBACK_FUZZ"] != "1"
    ? []
    : [
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "CRabbitMQ", "Conversion", "Delivery", "Documents", "Letters", "RabbitMQ", "Routing", "Settings",
                "Telemetry", "Worker",
            ],
            path: "Tests/Fuzz",
            exclude: ["Corpus"],
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]
        )
    ]

let package = Package(
    name: "postback",
    products: [
        .executable(name: "postback", targets: ["postback"]),
        .executable(name: "sample-tracker", targets: ["sample-tracker"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The C libraries and typed faces of their variadic functions; no logic.
        .systemLibrary(name: "CRabbitMQ", pkgConfig: "librabbitmq", providers: [.apt(["librabbitmq-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CCares", pkgConfig: "libcares", providers: [.apt(["libc-ares-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CShims", dependencies: ["CRabbitMQ", "CCurl"]),

        // OpenSSL's digests as plain functions: bytes in, bytes out.
        .target(name: "Digests", dependencies: ["CCrypto"], swiftSettings: strictMemory),

        // Pure: values in, values out. No clock, no socket, no pointer.
        .target(name: "Documents", swiftSettings: strict),
        .target(name: "Conversion", swiftSettings: strict),
        .target(name: "Routing", dependencies: ["Conversion", "Documents", "Digests"], swiftSettings: strict),
        .target(
            name: "Delivery",
            dependencies: [
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: strict
        ),
        .target(name: "Letters", dependencies: ["Conversion", "Delivery"], swiftSettings: strict),

        // Input and output, one library each.
        .target(name: "EventLoop", dependencies: ["CShims"], swiftSettings: strictMemory),
        .target(
            name: "RabbitMQ",
            dependencies: [
                "CRabbitMQ", "CShims", "EventLoop", .product(name: "DequeModule", package: "swift-collections"),
            ],
            swiftSettings: strictMemory
        ),
        .target(
            name: "HTTPTransport",
            dependencies: ["CCurl", "CCares", "CShims", "EventLoop"],
            swiftSettings: strictMemory
        ),
        .target(
            name: "Settings",
            dependencies: ["Documents", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict
        ),
        .target(
            name: "Telemetry",
            dependencies: [
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ],
            swiftSettings: strict
        ),

        // The only place where the parts meet.
        .target(
            name: "Worker",
            dependencies: [
                "Conversion", "Documents", "Routing", "Delivery", "Letters", "EventLoop", "RabbitMQ", "HTTPTransport",
                "Settings", "Telemetry",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "postback",
            dependencies: [
                "Worker", "Conversion", "Delivery", "Documents", "HTTPTransport", "Letters", "Routing", "RabbitMQ",
                "Settings", "Telemetry",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "sample-tracker",
            dependencies: [
                "CShims", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),

        // Tests, one folder per target.
        .target(name: "TestSupport", dependencies: ["EventLoop"], path: "Tests/TestSupport", swiftSettings: strict),
        // Tests/Benchmarks/run --pure-path counts its instructions.
        .executableTarget(
            name: "PurePathBenchmark",
            dependencies: ["Conversion", "Delivery", "Documents", "Routing"],
            path: "Tests/Benchmarks/PurePathBenchmark",
            swiftSettings: strict,
            linkerSettings: [.linkedLibrary("m")]
        ),
        .testTarget(name: "ConversionTests", dependencies: ["Conversion", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "DigestsTests", dependencies: ["Digests"], swiftSettings: strict),
        .testTarget(name: "DocumentsTests", dependencies: ["Documents"], swiftSettings: strict),
        .testTarget(
            name: "RoutingTests",
            dependencies: ["Routing", "Conversion", "Documents", "Settings", "Digests", "TestSupport"],
            exclude: ["Golden"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SettingsTests",
            dependencies: ["Settings", "Documents", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TelemetryTests",
            dependencies: [
                "Telemetry", "TestSupport", .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "SampleTrackerTests", dependencies: ["sample-tracker"], swiftSettings: strict),
        .testTarget(name: "LettersTests", dependencies: ["Letters", "Conversion"], swiftSettings: strict),
        .testTarget(name: "DeliveryTests", dependencies: ["Delivery", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "RabbitMQTests",
            dependencies: ["RabbitMQ", "EventLoop", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HTTPTransportTests",
            dependencies: ["HTTPTransport", "EventLoop", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(name: "EventLoopTests", dependencies: ["EventLoop", "CShims"], swiftSettings: strict),
        .testTarget(
            name: "WorkerTests",
            dependencies: [
                "Worker", "Conversion", "Delivery", "Documents", "EventLoop", "HTTPTransport", "RabbitMQ", "Routing",
                "Settings", "Telemetry", "TestSupport", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        // The lanes in a simulated world; see CONTRIBUTING.
        .target(
            name: "Simulation",
            dependencies: [
                "Conversion", "Delivery", "Documents", "EventLoop", "HTTPTransport", "RabbitMQ", "Routing", "Settings",
                "Telemetry", "Worker",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/Simulation/World",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "simulate",
            dependencies: [
                "EventLoop", "Simulation", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Simulation/Command",
            swiftSettings: strict
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["Simulation", "TestSupport", "simulate"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: ["TestSupport", "RabbitMQ", "postback", "sample-tracker"],
            exclude: ["Golden", "Corpus"],
            swiftSettings: strict
        ),
    ] + fuzzing
)
