import Brokers
import Logging
import Metrics
import Trading

/// The single writer of one trading account: its orders, positions and funds, and its line to the broker.
///
/// Nothing reaches the broker before `run` has read the broker's book; see `ARCHITECTURE.md`, life of an order.
package actor AccountSession {
    /// What a session is made of.
    package struct Parts: Sendable {
        package let account: TradingAccountID
        package let broker: any Broker
        package let journal: any OrderJournal
        package let instruments: any InstrumentDirectory
        package let tag: OrderTag
        package let time: Timekeeping
        package let newOrderID: @Sendable () -> OrderID
        package let logger: Logger
        /// The moment before which the broker's book knows nothing; nil where it holds the whole day. A paper exchange
        /// that forgets begins when it starts, and may give its numbers again.
        package let bookBegins: Timestamp?

        /// Puts the parts together.
        package init(
            account: TradingAccountID, broker: any Broker, journal: any OrderJournal,
            instruments: any InstrumentDirectory, tag: OrderTag, time: Timekeeping,
            newOrderID: @escaping @Sendable () -> OrderID, logger: Logger,
            bookBegins: Timestamp? = nil
        ) {
            self.account = account
            self.broker = broker
            self.journal = journal
            self.instruments = instruments
            self.tag = tag
            self.time = time
            self.newOrderID = newOrderID
            self.logger = logger
            self.bookBegins = bookBegins
        }
    }

    /// Whether the session takes orders.
    package enum Readiness: Sendable, Hashable {
        case starting(reason: String)
        case ready
        /// The broker takes no login of this account at present; nothing is sent.
        case signedOut(reason: String)
        case stopped
    }

    let parts: Parts
    /// Everything that clients of the account are told.
    package nonisolated let updates = Broadcast<AccountUpdate>()

    var readiness = Readiness.starting(reason: "The account's session is starting.")
    /// Whether the broker lets this account in.
    var login = BrokerLogin.valid(until: nil)
    var ledger: OrderLedger
    var budget: SendBudget
    var keysInProgress: Set<String> = []
    var portfolio = Portfolio()
    /// Positions whose price moved since clients were last told.
    var moved: [PositionKey: Position] = [:]
    /// The number of the last event of each order that clients were told of.
    var told: [OrderID: Int64] = [:]
    /// The day in India whose orders the budget counts.
    var day: CalendarDate?
    /// Reads of the broker's book that orders in doubt share, by the moment they were due.
    var bookReads: [Int64: BookRead] = [:]
    var connection = BrokerConnection.disconnected(reason: "not connected yet")
    /// Work whose owner is `run`: a caller that goes away does not stop it.
    let work: AsyncStream<@Sendable () async -> Void>
    let workInput: AsyncStream<@Sendable () async -> Void>.Continuation
    /// Orders in doubt, to be looked for.
    let doubts: AsyncStream<OrderID>
    let doubtInput: AsyncStream<OrderID>.Continuation
    /// Ends when the session is to stop.
    let stopSignal: AsyncStream<Never>
    let stopInput: AsyncStream<Never>.Continuation
    /// A nudge to read positions and funds again.
    let refresh: AsyncStream<Void>
    let refreshInput: AsyncStream<Void>.Continuation

    /// Builds a session that waits for `run`.
    package init(_ parts: Parts) {
        self.parts = parts
        ledger = OrderLedger(account: parts.account)
        budget = SendBudget(limits: parts.broker.capabilities.orderLimits)
        (work, workInput) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
        (doubts, doubtInput) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
        (stopSignal, stopInput) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
        (refresh, refreshInput) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Whether orders are taken, and how the push connection stands.
    package var state: (readiness: Readiness, connection: BrokerConnection) {
        if readiness != .stopped, let reason = signedOutReason { return (.signedOut(reason: reason), connection) }
        return (readiness, connection)
    }

    /// The day's orders, in the sequence they became known.
    package func orders() -> [Order] { ledger.all }

    /// One order under the broker's number.
    package func order(brokerOrderID: String) -> Order? { ledger.order(brokerOrderID: brokerOrderID) }

    /// Whether an order was placed elsewhere.
    package func isExternal(_ id: OrderID) -> Bool { ledger.isExternal(id) }

    /// The moment from which on the broker's book must show what the broker acknowledged.
    var bookStart: Timestamp {
        let today = Timestamp(indianDate: parts.time.now().indian.date, secondOfDay: 0)
        return parts.bookBegins.map { max($0, today) } ?? today
    }

    /// Applies an event, makes it durable and tells clients.
    func settle(_ event: OrderEvent, of id: OrderID) async {
        let (transition, entry) = ledger.apply(event, to: id, at: parts.time.now())
        if transition == .conflicting {
            Counter(label: "order_conflicts_total").increment()
            parts.logger.error("order news contradicts what is known", metadata: ["order": "\(id)"])
        }
        guard let entry else { return }
        if !ledger.isExternal(id) {
            do {
                try await parts.journal.append([entry])
            } catch {
                // The broker's book keeps the truth; the next start reads it again.
                parts.logger.error("an order event is not durable", metadata: ["order": "\(id)", "error": "\(error)"])
            }
        }
        // An answer and an order update may wait for the journal together; clients never see the older one last.
        let latest = ledger.eventCount(of: id)
        guard told[id, default: 0] < latest, let order = ledger[id] else { return }
        told[id] = latest
        updates.send(.order(order))
    }

    /// Takes a row of the broker's book, whatever the channel it came by.
    func take(_ row: BrokerOrderRow) async {
        let filled = row.report.filledQuantity
        switch ledger.identify(row, newID: parts.newOrderID, at: parts.time.now()) {
        case .known(let id, _):
            let before = ledger[id]
            if before?.status == .notSent {
                Counter(label: "orders_sighted_late_total").increment()
                parts.logger.error("an order held for not placed is in the broker's book", metadata: ["order": "\(id)"])
            }
            await settle(.reported(row.report), of: id)
            if filled > before?.filledQuantity ?? 0 { refreshInput.yield() }
        case .external:
            tellOfExternal(row)
        case .foreign(let id):
            Counter(label: "order_tag_collisions_total").increment()
            parts.logger.error(
                "a broker order carries the tag of an order that it is not", metadata: ["order": "\(id)"])
            tellOfExternal(row)
        }
    }

    private func tellOfExternal(_ row: BrokerOrderRow) {
        if let order = ledger.order(brokerOrderID: row.report.brokerOrderID) { updates.send(.order(order)) }
        if row.report.filledQuantity > 0 { refreshInput.yield() }
    }
}
