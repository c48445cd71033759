import Brokers
import Synchronization
import Trading

/// A broker that does as the test says, and counts what reaches it.
final class ScriptedBroker: Broker {
    /// What becomes of one placement.
    enum Fate: Sendable {
        /// Taken; the answer comes after a while, and the book shows it after a while.
        case taken(answer: Duration = .zero, visible: Duration = .zero)
        /// Taken, but the answer is lost after a while; the book shows it after a while.
        case answerLost(after: Duration = .zero, visible: Duration = .zero)
        /// Neither taken nor answered.
        case vanished(after: Duration = .zero)
        case refused(String)
        case notSent
    }

    /// What becomes of a read of the book.
    enum BookFate: Sendable {
        case good
        case failing
        case empty
    }

    struct Entry {
        var row: BrokerOrderRow
        var visibleAt: Duration
    }

    struct State {
        var fates: [Fate] = []
        var nextFate: @Sendable () -> Fate = { .taken() }
        var book: [Entry] = []
        var bookFate = BookFate.good
        var nextBookFate: (@Sendable () -> (BookFate, Duration))?
        var positionBook = PositionBook(net: [], day: [])
        var changeFault: BrokerError?
        var sink: (any BrokerUpdateSink)?

        var placed: [BrokerOrder] = []
        var placedAt: [Duration] = []
        var bookReads: [Duration] = []
        var positionReads = 0
        var changes: [(number: String, change: BrokerOrderChange)] = []
        var cancels: [String] = []
        var watched: Set<InstrumentToken> = []
        /// Whether the intent of every placement was durable when it arrived.
        var sawOnlyDurableIntents = true
    }

    private let state = Mutex(State())
    private let time: VirtualTime
    private let journal: MemoryJournal
    let capabilities: BrokerCapabilities

    init(_ time: VirtualTime, journal: MemoryJournal, limits: OrderLimits) {
        self.time = time
        self.journal = journal
        capabilities = BrokerCapabilities(tagLength: 20, orderLimits: limits)
    }

    func script(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }
    func look<Value>(_ path: (State) -> Value) -> Value { state.withLock { path($0) } }

    var placed: [BrokerOrder] { look(\.placed) }
    var rows: [BrokerOrderRow] { look { $0.book.map(\.row) } }
    func row(tag: String) -> BrokerOrderRow? { rows.first { $0.tags.contains(tag) } }

    func place(_ order: BrokerOrder) async throws(BrokerError) -> String {
        let isDurable = journal.isDurable(tag: order.clientOrderID)
        let moment = time.uptime
        let fate = state.withLock { state in
            state.placed.append(order)
            state.placedAt.append(moment)
            if !isDurable { state.sawOnlyDurableIntents = false }
            return state.fates.isEmpty ? state.nextFate() : state.fates.removeFirst()
        }
        switch fate {
        case .taken(let answer, let visible):
            let number = take(order, visibleAt: moment + visible)
            try? await time.sleep(answer)
            return number
        case .answerLost(let after, let visible):
            _ = take(order, visibleAt: moment + visible)
            try? await time.sleep(after)
            throw BrokerError(.unknown, .timeout, "The broker did not answer in time.")
        case .vanished(let after):
            try? await time.sleep(after)
            throw BrokerError(.unknown, .timeout, "The broker did not answer in time.")
        case .refused(let reason): throw BrokerError(.rejected, .margin, reason)
        case .notSent: throw BrokerError(.notSent, .unreachable, "No connection could be made.")
        }
    }

    /// Puts an order into the book; returns its number.
    @discardableResult
    func take(_ order: BrokerOrder, visibleAt moment: Duration = .zero) -> String {
        let now = time.now
        return state.withLock { state in
            let number = "B\(state.book.count + 1)"
            var report = OrderReport(brokerOrderID: number, status: .working, quantity: order.request.quantity)
            report.price = order.request.price
            report.exchangeTime = now
            let row = BrokerOrderRow(
                report: report, request: order.request, tags: [order.clientOrderID], brokerTime: now)
            state.book.append(Entry(row: row, visibleAt: moment))
            return number
        }
    }

    /// Changes a row as an exchange does; returns it.
    @discardableResult
    func report(_ number: String, _ change: (inout OrderReport) -> Void) -> BrokerOrderRow? {
        let now = time.now
        return state.withLock { state in
            guard let index = state.book.firstIndex(where: { $0.row.report.brokerOrderID == number }) else {
                return nil
            }
            let row = state.book[index].row
            var report = row.report
            change(&report)
            report.exchangeTime = now
            state.book[index].row = BrokerOrderRow(
                report: report, request: row.request, tags: row.tags, brokerTime: row.brokerTime)
            return state.book[index].row
        }
    }

    /// Fills units of an order at a price; returns its row.
    @discardableResult
    func fill(_ number: String, _ units: Quantity, at price: Price) -> BrokerOrderRow? {
        report(number) { report in
            report.filledQuantity += units
            report.averagePrice = price
            report.status = report.filledQuantity == report.quantity ? .filled : .working
        }
    }

    /// Tells the session of a row, as the push connection does.
    func push(_ row: BrokerOrderRow?) async {
        guard let row, let sink = look(\.sink) else { return }
        await sink.orderChanged(row)
    }

    func orders() async throws(BrokerError) -> [BrokerOrderRow] {
        let (fate, delay) = state.withLock { state in
            state.bookReads.append(time.uptime)
            return state.nextBookFate?() ?? (state.bookFate, .zero)
        }
        // The book is as it was when it was asked for.
        let moment = time.uptime
        let rows = look { $0.book.filter { $0.visibleAt <= moment }.map(\.row) }
        if delay > .zero { try? await time.sleep(delay) }
        switch fate {
        case .good: return rows
        case .empty: return []
        case .failing: throw BrokerError(.notSent, .unreachable, "No connection could be made.")
        }
    }

    func modify(_ brokerOrderID: String, _ change: BrokerOrderChange) async throws(BrokerError) {
        let fault = state.withLock { state in
            state.changes.append((brokerOrderID, change))
            return state.changeFault
        }
        if let fault { throw fault }
        report(brokerOrderID) { report in
            report.price = change.current.price
            report.quantity = change.current.quantity
        }
    }

    func cancel(_ brokerOrderID: String) async throws(BrokerError) {
        let fault = state.withLock { state in
            state.cancels.append(brokerOrderID)
            return state.changeFault
        }
        if let fault { throw fault }
        report(brokerOrderID) { report in
            report.status = .cancelled
            report.cancelledQuantity = report.quantity - report.filledQuantity
        }
    }

    func trades() async throws(BrokerError) -> [Trade] { [] }

    func positions() async throws(BrokerError) -> PositionBook {
        state.withLock { state in
            state.positionReads += 1
            return state.positionBook
        }
    }

    func holdings() async throws(BrokerError) -> [Holding] { [] }
    func margins() async throws(BrokerError) -> [MarginSegment: Margin] { [.equity: Margin()] }
    func profile() async throws(BrokerError) -> BrokerProfile {
        BrokerProfile(userID: "AB1234", userName: "Test", email: "test@example.com")
    }

    func stream(to sink: any BrokerUpdateSink) async {
        script { $0.sink = sink }
        let (silence, input) = AsyncStream.makeStream(of: Never.self)
        await sink.connectionChanged(.connected)
        for await _ in silence {}
        input.finish()
    }

    func watch(_ tokens: Set<InstrumentToken>) async { script { $0.watched = tokens } }
}
