import Foundation
import JSON
import Testing

/// The folder of sample payloads; tests that need it are skipped where it is absent.
enum SampleData {
    /// The folder, from `QUANTAGRO_DATA` or beside the package.
    static let folder: String = {
        if let set = ProcessInfo.processInfo.environment["QUANTAGRO_DATA"] { return set }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.appendingPathComponent("../shared/data").standardizedFileURL.path
    }()

    static let isPresent = FileManager.default.fileExists(atPath: folder + "/kite-mocks/orders.json")

    static let absence: Comment = "SKIPPED: no sample payloads; set QUANTAGRO_DATA to the folder that holds kite-mocks"

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/kite-mocks/" + name)))
    }

    static func json(_ name: String) throws -> JSONValue { try JSONValue(parsing: try bytes(name)) }

    /// The bytes behind base64 text.
    static func base64(_ name: String) throws -> [UInt8] {
        let text = String(decoding: try bytes(name), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return Array(try #require(Data(base64Encoded: text)))
    }
}

extension JSONValue {
    /// The value behind a path of member names.
    func at(_ path: String...) -> JSONValue? {
        path.reduce(self as JSONValue?) { value, name in value?.object?[name] }
    }

    /// The names of an object's members.
    var names: Set<String> { Set(object?.members.map(\.name) ?? []) }

    static func written(_ write: (inout JSONWriter) -> Void) throws -> JSONValue {
        var writer = JSONWriter()
        write(&writer)
        return try JSONValue(parsing: writer.bytes)
    }
}
