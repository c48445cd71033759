import Brokers
import Gateway
import NIOCore
import Synchronization
import Trading

/// The last written answer of each account: positions are asked for far more often than they change.
final class WrittenPositions: Sendable {
    private struct Written {
        let time: Timestamp
        let revision: UInt64
        let body: ByteBuffer
    }

    private let answers = Mutex<[TradingAccountID: Written]>([:])

    /// The answer for a reading, written anew only when the reading is another one.
    func body(
        of account: TradingAccountID, _ reading: Reading<PositionBook>, write: () -> ByteBuffer
    ) -> ByteBuffer {
        let known = answers.withLock { $0[account] }
        if let known, known.revision == reading.revision, known.time == reading.time { return known.body }
        let body = write()
        answers.withLock {
            $0[account] = Written(time: reading.time, revision: reading.revision, body: body)
        }
        return body
    }
}
