import Foundation
import JSON

/// A demo server of the benchmark's own, on free ports with a data directory that goes with it.
final class DemoProcess {
    /// What is wrong with the demo.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let process = Process()
    private let directory: URL
    /// The ready file.
    let ready: JSONObject
    /// Seconds from start to the ready file.
    let secondsToReady: Double

    /// Starts a demo, on one core where one is named, and waits until it is ready.
    init(binary: String, arguments: [String], core: Int? = nil) throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("quantagro-bench-\(getpid())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let file = directory.appendingPathComponent("ready.json")
        let log = directory.appendingPathComponent("server.log")
        try Data().write(to: log)
        process.executableURL = URL(fileURLWithPath: core == nil ? binary : "/usr/bin/taskset")
        process.arguments =
            (core.map { ["-c", "\($0)", binary] } ?? []) + [
                "serve", "--demo", "--data-dir", directory.appendingPathComponent("data").path, "--ready-file",
                file.path, "--api-port", "0", "--ticker-port", "0", "--user-port", "0", "--exchange-port", "0",
            ] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: log)
        let start = ContinuousClock.now
        try process.run()
        while !FileManager.default.fileExists(atPath: file.path) {
            guard process.isRunning, start.duration(to: .now) < .seconds(60) else {
                process.terminate()
                let words = try String(contentsOf: log, encoding: .utf8).suffix(2_000)
                throw Failure(description: "the demo did not get ready:\n\(words)")
            }
            usleep(2_000)
        }
        secondsToReady = start.duration(to: .now) / .seconds(1)
        let bytes = [UInt8](try Data(contentsOf: file))
        guard let object = try JSONValue(parsing: bytes).object else {
            throw Failure(description: "the ready file is not an object")
        }
        ready = object
    }

    /// Resident memory in bytes; nil where the system does not tell.
    var residentBytes: Int? {
        guard let text = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return pages * 4_096
    }

    /// What the server has used so far.
    var usage: ProcessUsage? { ProcessUsage(of: "\(process.processIdentifier)") }

    /// Ends the server and removes its data.
    func stop() {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: directory)
    }

    /// A text member of the ready file.
    func text(_ path: String...) throws -> String {
        var value: JSONValue? = .object(ready)
        for name in path { value = value?.object?[name] }
        guard let text = value?.string else { throw Failure(description: "the ready file has no \(path)") }
        return text
    }

    /// The broker user ids of all demo accounts.
    func brokerUserIDs() -> [String] {
        (ready["accounts"]?.array ?? []).compactMap { $0.object?["broker_user_id"]?.string }
    }
}
