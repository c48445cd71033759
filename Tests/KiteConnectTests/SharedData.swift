import Foundation

/// The folder of recorded answers, which a clone of the project alone does not have.
enum SharedData {
    static let root: URL = {
        if let path = ProcessInfo.processInfo.environment["QUANTAGRO_DATA"] { return URL(fileURLWithPath: path) }
        return URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("../shared/data").standardizedFileURL
    }()

    static let mocks = root.appendingPathComponent("kite-mocks")

    static var hasMocks: Bool { FileManager.default.fileExists(atPath: mocks.path) }

    static let instrumentDump = root.appendingPathComponent("nse/instruments/kite_nfo_bfo_2026-08-18.csv.gz")

    static var hasInstrumentDump: Bool { FileManager.default.fileExists(atPath: instrumentDump.path) }

    static func mock(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: mocks.appendingPathComponent(name)))
    }
}
