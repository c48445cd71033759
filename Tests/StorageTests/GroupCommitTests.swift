import Accounts
import Foundation
import GRDB
import Gateway
import Synchronization
import Testing
import Trading

@testable import Storage

/// Counts commits, and refuses them with an error of the engine's when told to.
private final class CommitWatch: TransactionObserver, Sendable {
    let commits = Mutex(0)
    let fault = Mutex<ResultCode?>(nil)

    func observes(eventsOfKind _: DatabaseEventKind) -> Bool { true }
    func databaseDidChange(with _: DatabaseEvent) {}
    func databaseDidRollback(_: GRDB.Database) {}
    func databaseDidCommit(_: GRDB.Database) { commits.withLock { $0 += 1 } }
    func databaseWillCommit() throws {
        if let code = fault.withLock({ $0 }) { throw DatabaseError(resultCode: code, message: "injected") }
    }
}

final class GroupCommitTests {
    private let folder = NSTemporaryDirectory() + "quantagro-group-\(UUID().uuidString)"
    private let database: Storage.Database
    private let journal: SQLiteOrderJournal
    private let watch = CommitWatch()

    init() throws {
        database = try Storage.Database.open(at: folder)
        journal = SQLiteOrderJournal(database)
        database.pool.add(transactionObserver: watch)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func failure(_ work: () async throws -> Void) async throws -> String? {
        do {
            try await work()
            return nil
        } catch {
            guard case .unavailable(let reason) = error as? JournalError else { throw error }
            return reason
        }
    }

    @Test func `what comes together is committed together and each call answers for itself`() async throws {
        let journal = journal
        // The writer is held up, so that all calls wait for it.
        let gate = DispatchSemaphore(value: 0)
        database.pool.asyncWriteWithoutTransaction { _ in gate.wait() }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in Int64(1)...200 {
                group.addTask {
                    do {
                        try await journal.record(Sample.intent(number, key: "key \(number / 2)"))
                        return true
                    } catch {
                        guard case .duplicateKey = error as? JournalError else { throw error }
                        return false
                    }
                }
            }
            gate.signal()
            let kept = try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            #expect(kept == 101)
        }
        #expect(try await journal.orders(of: TradingAccountID(1), since: Timestamp(seconds: 0)).count == 101)
        #expect(watch.commits.withLock { $0 } < 50)
    }

    @Test(arguments: [ResultCode.SQLITE_IOERR_FSYNC, .SQLITE_IOERR_WRITE, .SQLITE_CORRUPT])
    func `after a failed sync the journal takes nothing more`(code: ResultCode) async throws {
        try await journal.record(Sample.intent(1))
        watch.fault.withLock { $0 = code }
        let first = try await failure { try await journal.record(Sample.intent(2)) }
        #expect(first?.contains("start the process again") == true)
        watch.fault.withLock { $0 = nil }
        #expect(try await failure { try await journal.record(Sample.intent(3)) } == first)
        let event = Sample.event(1, 1, .acknowledged(brokerOrderID: "B1"))
        #expect(try await failure { try await journal.append([event]) } == first)
        let kept = try await journal.orders(of: TradingAccountID(1), since: Timestamp(seconds: 0))
        #expect(kept.map(\.intent.orderID) == [OrderID(1)])
    }

    @Test(arguments: [ResultCode.SQLITE_FULL, .SQLITE_BUSY])
    func `a full disk or a busy file refuses orders until it is over`(code: ResultCode) async throws {
        watch.fault.withLock { $0 = code }
        #expect(try await failure { try await journal.record(Sample.intent(1)) } != nil)
        watch.fault.withLock { $0 = nil }
        try await journal.record(Sample.intent(1))
        #expect(try await journal.lastOrderID() == OrderID(1))
    }

    @Test func `one damaged order spoils nobody else's`() async throws {
        try await journal.record(Sample.intent(1, key: "k"))
        try await database.pool.write { try $0.execute(sql: "UPDATE order_intents SET side = 'BOTH'") }
        let gate = DispatchSemaphore(value: 0)
        database.pool.asyncWriteWithoutTransaction { _ in gate.wait() }
        let journal = journal
        let reasons = await withTaskGroup(of: String?.self) { group in
            for intent in [Sample.intent(2, key: "k"), Sample.intent(3)] {
                group.addTask {
                    do { try await journal.record(intent) } catch { return "\(intent.orderID): \(error)" }
                    return nil
                }
            }
            gate.signal()
            return await group.reduce(into: [String]()) { if let reason = $1 { $0.append(reason) } }
        }
        #expect(reasons.count == 1)
        #expect(reasons.first?.hasPrefix("2: ") == true && reasons.first?.contains("side") == true)
    }

    @Test func `a caller that gives up does not take its order back`() async throws {
        let journal = journal
        let gate = DispatchSemaphore(value: 0)
        database.pool.asyncWriteWithoutTransaction { _ in gate.wait() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await journal.record(Sample.intent(1)) }
            group.cancelAll()
            gate.signal()
            try await group.waitForAll()
        }
        #expect(try await journal.lastOrderID() == OrderID(1))
    }

    @Test func `other writers get their turn while orders pour in`() async throws {
        let (journal, users) = (journal, SQLiteUserStore(database))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in Int64(1)...2_000 {
                group.addTask { try await journal.record(Sample.intent(number)) }
            }
            group.addTask { try await users.setActive(true, user: UserID(1)) }
            try await group.waitForAll()
        }
        #expect(try await journal.lastOrderID() == OrderID(2_000))
    }
}
