import Foundation

/// Makes the data directory and its files so that only this user can read them.
enum DataDirectory {
    static func prepare(_ path: String) throws(DatabaseOpenError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .directory(path: path, reason: "it cannot be made")
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            throw .directory(path: path, reason: String(cString: strerror(errno)))
        }
    }

    /// Makes an empty file of mode 0600 before the engine does; its log then gets the same mode.
    ///
    /// A file that is there is never opened here: closing it again would drop the locks that the engine holds on it
    /// for this process. Source: SQLite, "How To Corrupt", section 2.2.
    static func reserveFile(_ path: String) throws(DatabaseOpenError) {
        let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            close(descriptor)
            return
        }
        guard errno == EEXIST, chmod(path, 0o600) == 0 else {
            throw .failed(path: path, reason: String(cString: strerror(errno)))
        }
    }
}

/// Lets one process at a time open a database and bring its tables up to date.
struct OpeningLock {
    private static let patience = 500
    private let descriptor: Int32

    /// Waits up to ten seconds for the others.
    init(in directory: String) throws(DatabaseOpenError) {
        let path = directory + "/opening.lock"
        descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .directory(path: directory, reason: String(cString: strerror(errno)))
        }
        for _ in 0..<Self.patience {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            usleep(20_000)
        }
        close(descriptor)
        throw .busy(path: directory)
    }

    func release() {
        close(descriptor)
    }
}
