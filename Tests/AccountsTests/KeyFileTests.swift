import Accounts
import Foundation
import Testing

struct KeyFileTests {
    private let path = NSTemporaryDirectory() + "key-\(UUID().uuidString)"

    private func mode() throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? NSNumber).intValue
    }

    @Test func `the first start makes 32 bytes that only this user can read`() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let made = try KeyFile.open(at: path)
        #expect(try mode() == 0o600)
        #expect(try Data(contentsOf: URL(filePath: path)).count == 32)
        #expect(try KeyFile.open(at: path).id == made.id)
        #expect(made.id.count == 16)
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o777, 0o610])
    func `a key file that others can read is refused with the command that mends it`(mode: Int) throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = try KeyFile.open(at: path)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        let error = #expect(throws: KeyFileError.self) { try KeyFile.open(at: path) }
        #expect(error == .tooOpen(path: path, mode: UInt32(mode)))
        #expect(error?.description.contains("chmod 600") == true)
    }

    @Test(arguments: [0, 31, 33, 4_096])
    func `a file of another length is not a key`(length: Int) throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let isMade = FileManager.default.createFile(
            atPath: path, contents: Data(count: length), attributes: [.posixPermissions: 0o600])
        #expect(isMade)
        #expect(throws: KeyFileError.malformed(path: path)) { try KeyFile.open(at: path) }
    }

    @Test func `a link to a key file is refused`() throws {
        let target = path + "-target"
        defer {
            try? FileManager.default.removeItem(atPath: path)
            try? FileManager.default.removeItem(atPath: target)
        }
        _ = try KeyFile.open(at: target)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
        #expect(throws: KeyFileError.malformed(path: path)) { try KeyFile.open(at: path) }
    }

    @Test func `a folder that is not there is named`() {
        let lost = path + "/nowhere/key"
        let error = #expect(throws: KeyFileError.self) { try KeyFile.open(at: lost) }
        #expect(error?.description.contains(lost) == true)
    }

    @Test func `many that start at once agree on one key`() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let path = path
        let names = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try KeyFile.open(at: path).id } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(names.count == 1)
        let folder = try FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory())
        #expect(folder.filter { $0.hasPrefix(URL(filePath: path).lastPathComponent) }.count == 1)
    }
}
