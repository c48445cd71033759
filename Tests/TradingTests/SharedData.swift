import Foundation

/// The folder of recorded data, which a clone of the project alone does not have.
enum SharedData {
    static let root: URL = {
        if let path = ProcessInfo.processInfo.environment["QUANTAGRO_DATA"] { return URL(fileURLWithPath: path) }
        return URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("../shared/data").standardizedFileURL
    }()

    static let instrumentDump = root.appendingPathComponent("nse/instruments/kite_nfo_bfo_2026-08-18.csv.gz")

    /// Whether the dump is there; says so where it is not.
    static let hasInstrumentDump: Bool = {
        let isThere = FileManager.default.fileExists(atPath: instrumentDump.path)
        if !isThere { print("SKIPPED: no instrument dump at \(instrumentDump.path); set QUANTAGRO_DATA") }
        return isThere
    }()

    /// The text of a gzip file.
    static func unpackedText(_ file: URL) throws -> String {
        let unpacker = Process()
        unpacker.executableURL = URL(fileURLWithPath: "/bin/gzip")
        unpacker.arguments = ["-dc", file.path]
        let output = Pipe()
        unpacker.standardOutput = output
        try unpacker.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        unpacker.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
