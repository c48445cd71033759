import Synchronization

/// What all connections of one user share: the latest ticks, the order updates, the session and the order book.
final class TickerHub: Sendable {
    let mailbox = TickMailbox()
    let journal = OrderUpdateJournal()
    let options: KiteTickerOptions
    let context: KiteTickerContext
    let timing: KiteTickerTiming
    let transport: any TickerTransport

    private struct Session {
        var configuration: KiteConfiguration
        var number = 0
    }

    private let session: Mutex<Session>
    private let connected = Mutex<Set<Int>>([])
    private let report: @Sendable (Int?, KiteTickerEvent) -> Void
    private let bookRequests: AsyncStream<Void>
    private let bookRequest: AsyncStream<Void>.Continuation

    init(
        _ configuration: KiteConfiguration, _ parts: TickerParts,
        report: @escaping @Sendable (Int?, KiteTickerEvent) -> Void
    ) {
        session = Mutex(Session(configuration: configuration))
        options = parts.options
        context = parts.context
        timing = parts.timing
        transport = parts.transport
        self.report = report
        (bookRequests, bookRequest) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The session and its number, which changes with every new one.
    var currentSession: (configuration: KiteConfiguration, number: Int) {
        session.withLock { ($0.configuration, $0.number) }
    }

    func renew(accessToken: String) {
        session.withLock {
            $0.configuration.accessToken = accessToken
            $0.number += 1
        }
    }

    /// Passes an event on and keeps account of who is connected.
    func report(_ event: KiteTickerEvent, from connection: Int?) {
        if let connection {
            switch event {
            case .connected: connected.withLock { _ = $0.insert(connection) }
            case .disconnected, .rested: connected.withLock { _ = $0.remove(connection) }
            default: break
            }
        }
        report(connection, event)
        // Whatever happened while a connection was down is in the book only.
        if event == .connected { requestBook() }
    }

    /// Has the order book read once more.
    func requestBook() {
        bookRequest.yield()
    }

    // MARK: Freshness

    func age(of token: UInt32) -> Duration? { mailbox.latest(token).map { timing.now() - $0.receivedAt } }

    func stale(olderThan limit: Duration) -> [UInt32] { mailbox.stale(olderThan: limit, at: timing.now()).sorted() }

    // MARK: Running

    /// Runs connections and reads the order book until the task is cancelled, then ends the streams.
    func run(_ connections: [TickerConnection]) async {
        await withDiscardingTaskGroup { group in
            for connection in connections { group.addTask { await connection.run() } }
            group.addTask { await self.readBooks() }
        }
        mailbox.finish()
        journal.finish()
    }

    // MARK: Order book

    /// Reads the book whenever it is asked for, until the task is cancelled.
    private func readBooks() async {
        guard let orderBook = context.orderBook else { return }
        for await _ in bookRequests { await readBook(orderBook) }
    }

    private var isConnected: Bool { connected.withLock { !$0.isEmpty } }

    /// Tries until the book was read and is not behind; stops when no connection is left, the next one asks again.
    private func readBook(_ orderBook: @Sendable () async throws(KiteError) -> [KiteOrder]) async {
        var (failures, readings) = (0, 0)
        while !Task.isCancelled, isConnected {
            let askedAt = journal.told
            do throws(KiteError) {
                let rows = try await orderBook()
                let reading = journal.take(book: rows, askedAt: askedAt)
                readings += 1
                let isLast = reading.behind.isEmpty || readings >= options.bookReadingsWhenBehind
                if isLast || reading.news > 0 {
                    report(nil, .orderBookRead(orders: rows.count, news: reading.news))
                }
                if isLast {
                    if !reading.behind.isEmpty { giveUp(reading.behind, rows) }
                    return
                }
                await rest(bookDelay(readings))
            } catch {
                failures += 1
                let delay = bookDelay(failures)
                report(nil, .orderBookFailed(error, retryIn: delay))
                await rest(delay)
            }
        }
    }

    /// The book of a new day does not have the orders of the day before: they are not asked about again.
    private func giveUp(_ behind: [String], _ rows: [KiteOrder]) {
        report(nil, .orderBookBehind(orders: behind.count))
        journal.forget(behind.filter { orderID in !rows.contains { $0.orderID == orderID } })
    }

    private func bookDelay(_ attempt: Int) -> Duration {
        TickerBackoff.delay(
            options.firstBookDelay, options.longestBookDelay, attempt: attempt, timing.random())
    }

    private func rest(_ delay: Duration) async {
        // Only cancellation ends it early, which the loop sees.
        try? await timing.sleep(delay)
    }
}

/// What a ticker or a pool is made of besides its configuration.
struct TickerParts: Sendable {
    var options = KiteTickerOptions()
    var context = KiteTickerContext()
    var transport: any TickerTransport
    var timing = KiteTickerTiming.system
}
