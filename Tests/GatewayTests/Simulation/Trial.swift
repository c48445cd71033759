import Brokers
import Crypto
import Gateway
import Logging
import Synchronization
import Testing
import Trading

/// A session between a scripted broker and a journal in memory, in virtual time.
struct Trial: Sendable {
    static let account = TradingAccountID(7)
    static let share = InstrumentID(exchange: .nse, symbol: "SBIN")
    static let contract = InstrumentID(exchange: .nfo, symbol: "NIFTY26AUGFUT")
    static let instruments = InstrumentIndex([
        Instrument(
            token: InstrumentToken(779_521), id: share, name: "STATE BANK OF INDIA", kind: .equity,
            tickSize: Price(paise: 5), lotSize: 1),
        Instrument(
            token: InstrumentToken(14_866_434), id: contract, name: "NIFTY",
            kind: .future(underlying: "NIFTY", expiry: CalendarDate(daysSinceEpoch: 20_690)),
            tickSize: Price(paise: 10), lotSize: 65, freezeQuantity: 1_800),
    ])

    let time: VirtualTime
    let journal: MemoryJournal
    let broker: ScriptedBroker
    let tag = OrderTag(secret: SymmetricKey(data: [UInt8](repeating: 1, count: 32)))
    private let numbers = OrderNumbers()

    init(limits: OrderLimits = OrderLimits(perSecond: 10, perMinute: 400, perDay: 5_000)) {
        time = VirtualTime()
        journal = MemoryJournal(time)
        broker = ScriptedBroker(time, journal: journal, limits: limits)
    }

    /// A session of a fresh process over the same broker and journal.
    func session(bookBegins: Timestamp? = nil) -> AccountSession {
        let numbers = numbers
        return AccountSession(
            AccountSession.Parts(
                account: Self.account, broker: broker, journal: journal, instruments: Self.instruments, tag: tag,
                time: time.keeping, newOrderID: { numbers.next() },
                logger: Logger(label: "trial", factory: { _ in SwiftLogNoOpLogHandler() }),
                bookBegins: bookBegins))
    }

    /// Runs a body beside a session that takes orders, then stops the session and sees it end.
    func trade(
        waitingUntilReady: Bool = true, bookBegins: Timestamp? = nil,
        _ body: @escaping @Sendable (AccountSession) async throws -> Void
    ) throws {
        try time.run {
            let session = session(bookBegins: bookBegins)
            try await withThrowingTaskGroup { group in
                group.addTask { await session.run() }
                do {
                    if waitingUntilReady { try await becomeReady(session) }
                    try await body(session)
                } catch {
                    session.stop()
                    throw error
                }
                session.stop()
                try await group.waitForAll()
            }
        }
    }

    /// Waits until a session takes orders.
    func becomeReady(_ session: AccountSession) async throws {
        for _ in 0..<2_000 {
            if await session.state.readiness == .ready { return }
            try await time.sleep(.milliseconds(10))
        }
        Issue.record("the session did not become ready")
    }

    /// Waits until a moment after another.
    func sleep(until moment: Duration) async throws { try await time.sleep(moment - time.uptime) }

    /// A buy of shares at a limit.
    static func submission(
        _ key: String, quantity: Quantity = 10, price: Price = Price(rupees: 800)
    ) -> OrderSubmission {
        OrderSubmission(
            request: OrderRequest(
                instrument: share, side: .buy, type: .limit, quantity: quantity, product: .intraday, price: price),
            label: nil, idempotencyKey: key, principal: 1)
    }
}

/// Counts order numbers.
private final class OrderNumbers: Sendable {
    private let last = Mutex<Int64>(0)

    func next() -> OrderID {
        last.withLock { last in
            last += 1
            return OrderID(last)
        }
    }
}

/// Everything that a subscriber was told.
final class Told: Sendable {
    private let list = Mutex<[AccountUpdate]>([])

    /// Starts to listen as a task of the world.
    init(_ session: AccountSession, in time: VirtualTime) {
        let stream = session.updates.subscribe()
        time.spawn { [self] in
            for await update in stream { list.withLock { $0.append(update) } }
        }
    }

    var all: [AccountUpdate] { list.withLock(\.self) }

    var orders: [Order] {
        all.compactMap { update in
            guard case .order(let order) = update else { return nil }
            return order
        }
    }

    var positions: [Position] {
        all.compactMap { update in
            guard case .position(let position) = update else { return nil }
            return position
        }
    }
}

/// Waits of which each is used once, then none.
final class Delays: Sendable {
    private let list: Mutex<[Duration]>

    init(_ list: [Duration]) {
        self.list = Mutex(list)
    }

    func next() -> Duration { list.withLock { $0.isEmpty ? .zero : $0.removeFirst() } }
}
