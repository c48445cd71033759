import Brokers
import Synchronization
import Trading

/// A broker that does what the test says and counts what it is asked.
final class ScriptedBroker: Broker {
    enum Placement: Sendable {
        case accepted
        case refused(BrokerError)
        /// Waits for `release`, then accepts.
        case held
    }

    struct State {
        var placement = Placement.accepted
        var commandError: BrokerError?
        var readError: BrokerError?
        var book: [BrokerOrderRow] = []
        var positions = PositionBook(net: [], day: [])
        var holdings: [Holding] = []
        var margins: [MarginSegment: Margin] = [:]
        /// New orders, changes and cancels that reached us.
        var commands = 0
        var positionReads = 0
        var nextNumber = 240_711_000_012_345
        var sink: (any BrokerUpdateSink)?
        var isReleased = false
        var held: [CheckedContinuation<Void, Never>] = []
        var arrivals: [CheckedContinuation<Void, Never>] = []
    }

    let state = Mutex(State())
    let capabilities = BrokerCapabilities(
        tagLength: 20, orderLimits: OrderLimits(perSecond: 1_000, perMinute: 10_000, perDay: 100_000))

    var commands: Int { state.withLock(\.commands) }
    var positionReads: Int { state.withLock(\.positionReads) }

    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    func place(_ order: BrokerOrder) async throws(BrokerError) -> String {
        let placement = state.withLock { state in
            state.commands += 1
            return state.placement
        }
        switch placement {
        case .refused(let error): throw error
        case .held: await hold()
        case .accepted: break
        }
        return state.withLock { state in
            let number = String(state.nextNumber)
            state.nextNumber += 1
            let report = OrderReport(
                brokerOrderID: number, status: .working, quantity: order.request.quantity)
            state.book.append(
                BrokerOrderRow(
                    report: report, request: order.request, tags: [order.clientOrderID], brokerTime: nil))
            return number
        }
    }

    /// Waits until an order is held.
    func heldOrder() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.held.isEmpty { state.arrivals.append(continuation) }
                return !state.held.isEmpty
            }
            if isThere { continuation.resume() }
        }
    }

    /// Lets held orders go on.
    func release() {
        let held = state.withLock { state in
            state.isReleased = true
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    private func hold() async {
        await withCheckedContinuation { continuation in
            let (isReleased, arrivals) = state.withLock { state in
                if !state.isReleased { state.held.append(continuation) }
                defer { state.arrivals = [] }
                return (state.isReleased, state.arrivals)
            }
            for arrival in arrivals { arrival.resume() }
            if isReleased { continuation.resume() }
        }
    }

    func modify(_ brokerOrderID: String, _ change: BrokerOrderChange) async throws(BrokerError) {
        try command()
        edit(brokerOrderID) { report in
            report.quantity = change.change.quantity ?? report.quantity
            report.price = change.change.price ?? change.current.price
        }
    }

    func cancel(_ brokerOrderID: String) async throws(BrokerError) {
        try command()
        edit(brokerOrderID) { report in
            report.status = .cancelled
            report.cancelledQuantity = report.quantity
        }
    }

    private func command() throws(BrokerError) {
        let error = state.withLock { state in
            state.commands += 1
            return state.commandError
        }
        if let error { throw error }
    }

    func edit(_ brokerOrderID: String, _ change: (inout OrderReport) -> Void) {
        state.withLock { state in
            let found = state.book.firstIndex { $0.report.brokerOrderID == brokerOrderID }
            guard let index = found else { return }
            let row = state.book[index]
            var report = row.report
            change(&report)
            state.book[index] = BrokerOrderRow(
                report: report, request: row.request, tags: row.tags, brokerTime: row.brokerTime)
        }
    }

    /// Pushes a row of the book as it stands, as a broker's postback would.
    func push(_ brokerOrderID: String) async {
        let (sink, row) = state.withLock { state in
            (state.sink, state.book.first { $0.report.brokerOrderID == brokerOrderID })
        }
        if let sink, let row { await sink.orderChanged(row) }
    }

    private func read<Value: Sendable>(_ value: (State) -> Value) throws(BrokerError) -> Value {
        let (error, found) = state.withLock { ($0.readError, value($0)) }
        if let error { throw error }
        return found
    }

    func orders() async throws(BrokerError) -> [BrokerOrderRow] { try read(\.book) }
    func trades() async throws(BrokerError) -> [Trade] { [] }

    func positions() async throws(BrokerError) -> PositionBook {
        state.withLock { $0.positionReads += 1 }
        return try read(\.positions)
    }

    func holdings() async throws(BrokerError) -> [Holding] { try read(\.holdings) }
    func margins() async throws(BrokerError) -> [MarginSegment: Margin] { try read(\.margins) }

    func profile() async throws(BrokerError) -> BrokerProfile {
        BrokerProfile(userID: "DW1234", userName: "Ann", email: "ann@example.com")
    }

    func stream(to sink: any BrokerUpdateSink) async {
        state.withLock { $0.sink = sink }
        await sink.connectionChanged(.connected)
        let (endless, input) = AsyncStream.makeStream(of: Void.self)
        for await _ in endless {}
        input.finish()
    }

    func watch(_: Set<InstrumentToken>) async {}
}
