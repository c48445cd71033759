import Crypto
import Foundation

/// Why the key file cannot be used.
package enum KeyFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Others than its owner may read or write it.
    case tooOpen(path: String, mode: UInt32)
    /// It is not a plain file of 32 bytes of ours.
    case malformed(path: String)
    /// The system refused to read or make it.
    case inaccessible(path: String, reason: String)

    /// One sentence that says what to do.
    package var description: String {
        switch self {
        case .tooOpen(let path, let mode):
            "Others can read the key file \(path) (mode \(String(mode, radix: 8))); run: chmod 600 \(path)"
        case .malformed(let path):
            "The key file \(path) is not a plain file of 32 bytes that belongs to this user; restore it from a backup."
        case .inaccessible(let path, let reason): "The key file \(path) cannot be used: \(reason)."
        }
    }
}

/// What a wrapped key is for; each purpose has a key of its own derived from the file's.
enum WrappingPurpose: String {
    case dataKey = "data key"
    case signingKey = "signing key"
}

/// The local key under which every other key is wrapped: 32 random bytes that only this user can read.
package struct KeyFile: Sendable {
    /// Tells key files apart without telling anything of the key: 16 hexadecimal digits.
    package let id: String

    private let key: SymmetricKey

    /// Takes the key's 32 bytes, as tests do.
    package init(bytes: some Collection<UInt8>) {
        precondition(bytes.count == 32, "a key file holds 32 bytes")
        key = SymmetricKey(data: Array(bytes))
        let name = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Array("quantagro key file id".utf8), outputByteCount: 8)
        id = name.withUnsafeBytes { $0.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() }
    }

    /// Reads the key file, making one of random bytes where there is none; two processes that start together agree.
    package static func open(at path: String) throws(KeyFileError) -> KeyFile {
        if let found = try read(path) { return found }
        try make(path)
        guard let made = try read(path) else { throw .inaccessible(path: path, reason: "it vanished") }
        return made
    }

    /// The secret from which an account's order tags are derived: 32 bytes, the same for ever.
    package func orderTagSecret(of broker: BrokerName, brokerUserID: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Array("quantagro order tags \(broker) \(brokerUserID)".utf8),
            outputByteCount: 32)
    }

    /// The key that wraps others for one purpose.
    func wrappingKey(for purpose: WrappingPurpose) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Array("quantagro wrap \(purpose.rawValue)".utf8), outputByteCount: 32)
    }

    private static func read(_ path: String) throws(KeyFileError) -> KeyFile? {
        let descriptor = Foundation.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        if descriptor < 0 {
            let cause = errno
            if cause == ENOENT { return nil }
            if cause == ELOOP { throw .malformed(path: path) }
            throw .inaccessible(path: path, reason: String(cString: strerror(cause)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .inaccessible(path: path, reason: String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size == 32, status.st_uid == geteuid() else {
            throw .malformed(path: path)
        }
        let mode = status.st_mode & 0o777
        guard mode & 0o077 == 0 else { throw .tooOpen(path: path, mode: UInt32(mode)) }
        var bytes = [UInt8](repeating: 0, count: 33)
        guard Foundation.read(descriptor, &bytes, 33) == 32 else { throw .malformed(path: path) }
        return KeyFile(bytes: bytes.prefix(32))
    }

    /// Writes the bytes beside the path and links them into place, so that nobody ever sees half a key.
    private static func make(_ path: String) throws(KeyFileError) {
        var generator = SystemRandomNumberGenerator()
        let draft = "\(path).\(UInt64.random(in: .min ... .max, using: &generator))"
        let descriptor = Foundation.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .inaccessible(path: path, reason: String(cString: strerror(errno)))
        }
        defer { unlink(draft) }
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let isWritten = write(descriptor, bytes, 32) == 32 && fsync(descriptor) == 0
        let cause = errno
        close(descriptor)
        guard isWritten else { throw .inaccessible(path: path, reason: String(cString: strerror(cause))) }
        guard link(draft, path) == 0 || errno == EEXIST else {
            throw .inaccessible(path: path, reason: String(cString: strerror(errno)))
        }
        syncFolder(of: path)
    }

    /// Makes the new name survive a power cut, where the file system can.
    private static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = Foundation.open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
