import GRDB
import Gateway
import Synchronization

/// Writes what many callers want kept in as few transactions as possible: whatever comes while one transaction is
/// being synced to the disk goes into the next one together.
///
/// A caller hears of success only once its transaction is on the disk. A failed sync cannot be repeated, since the
/// system may have dropped what it could not write: after one the journal takes nothing more until the process is
/// started again.
final class GroupCommit: Sendable {
    typealias Answer = Result<Void, JournalError>

    private struct Waiting: Sendable {
        let entry: JournalEntry
        let answer: CheckedContinuation<Answer, Never>
    }

    private struct State {
        var waiting: [Waiting] = []
        var isScheduled = false
        var broken: String?
    }

    private static let largestGroup = 512
    private let pool: DatabasePool
    private let state = Mutex(State())

    init(pool: DatabasePool) {
        self.pool = pool
    }

    /// Keeps an entry; cancelling the caller does not take it back.
    func keep(_ entry: JournalEntry) async -> Answer {
        await withCheckedContinuation { continuation in
            let (refusal, isFirst) = state.withLock { state -> (String?, Bool) in
                if let broken = state.broken { return (broken, false) }
                state.waiting.append(Waiting(entry: entry, answer: continuation))
                defer { state.isScheduled = true }
                return (nil, !state.isScheduled)
            }
            if let refusal { continuation.resume(returning: .failure(.unavailable(reason: refusal))) }
            if isFirst { schedule() }
        }
    }

    private func schedule() {
        pool.asyncWriteWithoutTransaction { db in self.commitGroup(db) }
    }

    /// Runs on the database's writer thread.
    private func commitGroup(_ db: GRDB.Database) {
        let group = state.withLock { state in
            let group = Array(state.waiting.prefix(Self.largestGroup))
            state.waiting.removeFirst(group.count)
            return group
        }
        let answers = commit(group.map(\.entry), db)
        for (waiting, answer) in zip(group, answers) { waiting.answer.resume(returning: answer) }
        let hasMore = state.withLock { state in
            state.isScheduled = !state.waiting.isEmpty
            return state.isScheduled
        }
        // Asked for anew instead of looping, so that other writers get their turn between two groups.
        if hasMore { schedule() }
    }

    private func commit(_ entries: [JournalEntry], _ db: GRDB.Database) -> [Answer] {
        if let broken = state.withLock(\.broken) {
            return entries.map { _ in .failure(.unavailable(reason: broken)) }
        }
        var answers: [Answer] = []
        do {
            try db.inTransaction(.immediate) {
                answers = try entries.map { try $0.write(to: db) }
                return .commit
            }
            return answers
        } catch {
            let reason = breaks(error)
            return entries.map { _ in .failure(.unavailable(reason: reason)) }
        }
    }

    /// Says what went wrong, and closes the journal where the disk may not hold what it was given.
    private func breaks(_ error: any Error) -> String {
        guard let error = error as? DatabaseError else { return "a stored order could not be read" }
        switch error.resultCode {
        case .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB:
            let reason = "the disk failed (\(error.engineReason)); check it, then start the process again"
            state.withLock { $0.broken = reason }
            return reason
        case .SQLITE_FULL: return "the disk is full; free some space"
        default: return error.engineReason
        }
    }
}
