import KiteConnect
import Logging
import Synchronization
import Testing

@testable import KiteAdapter

/// Keeps what is logged.
private struct KeptLog: LogHandler {
    let lines: @Sendable (Logger.Level, String) -> Void
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines(event.level, "\(event.message) \(event.metadata ?? [:])")
    }
}

@Suite struct FeedNotesTests {
    @Test(arguments: [
        (KiteTickerEvent.disconnected(.silent(.seconds(5)), retryIn: .zero), Logger.Level.warning, "went silent"),
        (.disconnected(.closed(code: 1006, reason: ""), retryIn: .seconds(1)), .notice, "was lost"),
        (.disconnected(.renewed, retryIn: .zero), .debug, "made anew"),
        (.stalled(.seconds(10)), .warning, "brings no ticks"),
        (.orderBookFailed(KiteError(.timeout, effect: .none, message: "late"), retryIn: .seconds(1)), .notice, "late"),
        (.serverError("too many instruments"), .warning, "too many instruments"),
    ])
    func `what happens to a feed is told with its weight`(
        event: KiteTickerEvent, level: Logger.Level, words: String
    ) {
        let kept = Mutex<[(Logger.Level, String)]>([])
        let logger = Logger(label: "feed") { _ in
            KeptLog(lines: { level, line in kept.withLock { $0.append((level, line)) } })
        }
        FeedNotes(logger: logger).take(KiteTickerPoolEvent(connection: 1, event: event))
        let lines = kept.withLock { $0 }
        #expect(lines.count == 1)
        #expect(lines.first?.0 == level)
        #expect(lines.first?.1.contains(words) == true)
    }

    @Test func `ticks and readings without news are not worth a line`() {
        let count = Mutex(0)
        let logger = Logger(label: "feed") { _ in KeptLog(lines: { _, _ in count.withLock { $0 += 1 } }) }
        let notes = FeedNotes(logger: logger)
        for event in [KiteTickerEvent.connected, .flowing, .rested, .orderBookRead(orders: 3, news: 0)] {
            notes.take(KiteTickerPoolEvent(connection: 0, event: event))
        }
        #expect(count.withLock { $0 } == 0)
    }
}
