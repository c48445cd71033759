import Foundation

/// A directory of a test's own.
struct TemporaryDirectory {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("quantagro-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    /// A path inside.
    func file(_ name: String) -> String { path + "/" + name }

    func remove() {
        // What is left behind goes with the machine's own temporary files.
        try? FileManager.default.removeItem(atPath: path)
    }
}
