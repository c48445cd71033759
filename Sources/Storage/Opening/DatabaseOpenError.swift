import Accounts
import GRDB

/// Why a database cannot be used.
package enum DatabaseOpenError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The data directory cannot be made or written to.
    case directory(path: String, reason: String)
    /// Another process holds the database while it starts.
    case busy(path: String)
    /// The file is something else, or damaged.
    case notADatabase(path: String)
    /// A newer version of the program has changed the tables.
    case newerTables(path: String, found: Int, known: Int)
    /// The engine did not take a setting without which commits would not survive a power cut.
    case unsafe(path: String, setting: String)
    /// Anything else the engine or the system says.
    case failed(path: String, reason: String)

    /// One sentence that says what to do.
    package var description: String {
        switch self {
        case .directory(let path, let reason): "The data directory \(path) cannot be used: \(reason)."
        case .busy(let path): "Another process is opening \(path) for too long; end it or wait, then try again."
        case .notADatabase(let path): "\(path) is not a database or is damaged; restore it from a backup."
        case .newerTables(let path, let found, let known):
            "\(path) was written by a newer version (tables \(found), this one knows \(known)); use that version."
        case .unsafe(let path, let setting): "SQLite refuses the setting \(setting) for \(path); orders need it."
        case .failed(let path, let reason): "\(path) cannot be opened: \(reason)."
        }
    }

    init(_ error: DatabaseError, path: String) {
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: self = .notADatabase(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
        default: self = .failed(path: path, reason: error.engineReason)
        }
    }
}

extension DatabaseError {
    /// What the engine said, without statement and arguments.
    var engineReason: String {
        "\(message ?? "no reason given") (SQLite \(extendedResultCode.rawValue))"
    }
}

extension StoreUnavailable {
    /// Keeps of an error what may be shown.
    init(_ error: any Error) {
        switch error {
        case let error as DatabaseError: self.init(reason: error.engineReason)
        case let error as StoredValueFault: self.init(reason: error.description)
        case is CancellationError: self.init(reason: "the request was cancelled")
        default: self.init(reason: "a stored value could not be read")
        }
    }
}
