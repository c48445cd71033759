// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioConcurrency = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioFoundation = Target.Dependency.product(name: "NIOFoundationCompat", package: "swift-nio")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// A module of ours with its tests beside it.
func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], testing: [Target.Dependency] = []
) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: strict),
        .testTarget(
            name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies + testing,
            swiftSettings: strict),
    ]
}

let package = Package(
    name: "quantagro",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "KiteConnect", targets: ["KiteConnect"]),
        .executable(name: "quantagro", targets: ["CLI"]),
        .executable(name: "quantagro-bench", targets: ["Bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
    ]
        // Values and pure parts.
        + module("Trading")
        + module("JSON")
        + module("Gzip", ["CZlib", nioCore])
        + module("PaperExchange", ["Trading"])
        // The wire.
        + module("WebSocket", [nioCore, nioPosix, nioHTTP1, nioWebSocket, nioSSL])
        + module(
            "WebServer",
            [
                "WebSocket", "Gzip", hummingbird, hummingbirdCore, nioCore, nioPosix, nioHTTP1, nioWebSocket,
                nioHTTPTypes, nioHTTPTypesHTTP1, httpTypes, serviceLifecycle, logging, metrics,
            ],
            testing: [nioFoundation, asyncHTTPClient])
        + module(
            "KiteConnect",
            ["JSON", "WebSocket", "Gzip", asyncHTTPClient, nioCore, nioPosix, nioHTTP1, nioSSL, crypto],
            testing: [nioWebSocket])
        + module(
            "KiteSimulator",
            [
                "PaperExchange", "Trading", "JSON", "WebServer", "WebSocket", "Gzip", hummingbird, httpTypes, nioCore,
                crypto, logging,
            ],
            testing: [asyncHTTPClient, nioPosix, nioHTTP1])
        // The middle.
        + module("Brokers", ["Trading"])
        + module("KiteAdapter", ["Brokers", "Trading", "KiteConnect", nioCore, logging, metrics])
        + module("Accounts", ["Trading", "CArgon2", crypto, jwtKit])
        + module("Gateway", ["Brokers", "Trading", crypto, logging, metrics])
        + module("Storage", ["Accounts", "Gateway", "Trading", grdb])
        + module("Telemetry", ["JSON", logging, metrics, coreMetrics])
        // The face.
        + module(
            "API",
            [
                "Accounts", "Gateway", "Brokers", "Trading", "JSON", "WebServer", "WebSocket", "Telemetry", hummingbird,
                httpTypes, nioCore, logging, metrics,
            ],
            testing: [hummingbirdTesting, nioHTTP1])
        + module(
            "Server",
            [
                "API", "Accounts", "Gateway", "Storage", "Brokers", "KiteAdapter", "KiteConnect", "KiteSimulator",
                "PaperExchange", "Trading", "WebServer", "WebSocket", "Telemetry", "JSON", "Gzip", hummingbird,
                asyncHTTPClient, serviceLifecycle, unixSignals, logging, metrics, coreMetrics, nioCore, nioPosix,
                nioHTTP1, crypto, "CMalloc",
            ])
        + [
            // Both sides of Kite's wire against each other.
            .testTarget(
                name: "ConformanceTests",
                dependencies: [
                    "KiteConnect", "KiteSimulator", "PaperExchange", "Trading", "WebServer", asyncHTTPClient, logging,
                ],
                swiftSettings: strict),
            .executableTarget(
                name: "CLI",
                dependencies: [
                    "Server", "Accounts", "Storage", "Telemetry", argumentParser, logging, serviceLifecycle,
                    unixSignals,
                ],
                swiftSettings: strict),
            .executableTarget(
                name: "Bench",
                dependencies: [
                    "KiteConnect", "JSON", "WebSocket", argumentParser, asyncHTTPClient, nioCore, nioPosix,
                    nioConcurrency, nioHTTP1,
                ],
                swiftSettings: strict),
        ]
)
