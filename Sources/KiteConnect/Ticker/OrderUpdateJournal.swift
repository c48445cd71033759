import Synchronization

/// The one stream of order updates, fed by every connection and by the order book; nothing that is news is dropped.
final class OrderUpdateJournal: Sendable {
    /// What a reading of the book brought.
    struct Reading: Sendable, Hashable {
        /// Rows that were told.
        var news = 0
        /// Orders that the book lacks or shows as they were before.
        var behind: [String] = []
    }

    let updates: AsyncStream<KiteOrderUpdate>
    private let continuation: AsyncStream<KiteOrderUpdate>.Continuation
    private let filter = Mutex(OrderUpdateFilter())

    init() {
        (updates, continuation) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    /// Takes a message; true when only the book can tell whether it is the latest state.
    func take(_ update: KiteOrderUpdate, from connection: Int) -> Bool {
        filter.withLock { filter in
            let verdict = filter.judge(update.order, from: .connection(connection))
            // Told under the lock, so that the stream has the order of the verdicts.
            if verdict == .news || verdict == .newsInDoubt { continuation.yield(update) }
            return verdict == .newsInDoubt
        }
    }

    /// How much has been told; to be asked before the book is.
    var told: UInt64 { filter.withLock { $0.told } }

    /// Takes the rows of a book that was asked for at a moment given by `told`.
    func take(book rows: [KiteOrder], askedAt: UInt64) -> Reading {
        filter.withLock { filter in
            var reading = Reading()
            for row in rows {
                switch filter.judge(row, from: .book(askedAt: askedAt)) {
                case .news, .newsInDoubt:
                    reading.news += 1
                    continuation.yield(KiteOrderUpdate(bookRow: row))
                case .known: break
                case .superseded, .unclear: reading.behind.append(row.orderID)
                }
            }
            reading.behind += filter.missing(from: Set(rows.map(\.orderID)), toldBefore: askedAt)
            return reading
        }
    }

    /// Forgets orders that the book does not have however often it is read.
    func forget(_ orderIDs: [String]) {
        filter.withLock { $0.forget(orderIDs) }
    }

    func finish() {
        continuation.finish()
    }
}
