// swift-tools-version: 6.2
import PackageDescription

/// Only the code under test is instrumented: coverage for the fuzzer, and every access to memory is checked.
let instrumented: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags([
        "-O", "-assert-config", "Debug", "-enable-testing", "-sanitize=address", "-sanitize=fuzzer",
    ]),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")

/// The modules are links into the package above; KiteConnect comes without what needs a network.
let package = Package(
    name: "quantagro-fuzzing",
    platforms: [.macOS(.v15)],
    dependencies: [.package(url: "https://github.com/apple/swift-nio", from: "2.101.0")],
    targets: [
        .systemLibrary(name: "CZlib", path: "Modules/CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CLibFuzzer"),
        .target(name: "Trading", path: "Modules/Trading", swiftSettings: instrumented),
        .target(name: "JSON", path: "Modules/JSON", swiftSettings: instrumented),
        .target(name: "Gzip", dependencies: ["CZlib", nioCore], path: "Modules/Gzip", swiftSettings: instrumented),
        .target(
            name: "PaperExchange", dependencies: ["Trading"], path: "Modules/PaperExchange",
            swiftSettings: instrumented),
        .target(
            name: "KiteConnect", dependencies: ["JSON", "Gzip", nioCore], path: "Modules/KiteConnect",
            swiftSettings: instrumented),
        .executableTarget(
            name: "Fuzz",
            dependencies: ["CLibFuzzer", "JSON", "KiteConnect", "PaperExchange", "Trading", nioCore],
            swiftSettings: instrumented,
            linkerSettings: [.linkedLibrary("stdc++"), .unsafeFlags(["-sanitize=address"])]),
    ]
)
