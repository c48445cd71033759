import Testing
import Trading

/// Every state of an order against everything that can happen to it.
///
/// Rules: what has ended stays ended, except that the broker's book outranks our own "not sent"; our own conclusions
/// only follow from our own states; the same news twice changes nothing; news under another number, and states that a
/// venue cannot report, contradict; earlier stages of life never replace later ones.
struct OrderTransitionTests {
    /// "." nothing new, "!" contradiction, a letter: the next state.
    static let letters: [Character: OrderStatus] = [
        "P": .pending, "U": .unknown, "A": .acknowledged, "T": .triggerPending, "W": .working, "F": .filled,
        "C": .cancelled, "R": .rejected, "D": .denied, "N": .notSent,
    ]

    static let number = "1000"

    static func report(_ status: OrderStatus, _ number: String = number) -> OrderEvent {
        .reported(
            OrderReport(
                brokerOrderID: number, status: status, quantity: 10, filledQuantity: status == .filled ? 10 : 0,
                averagePrice: status == .filled ? Price(rupees: 100) : nil))
    }

    /// The columns of the table.
    static let events: [OrderEvent] =
        [
            .denied(reason: "d"), .notSent(reason: "n"), .rejected(reason: "r"), .outcomeUnknown(reason: "u"),
            .acknowledged(brokerOrderID: number), .acknowledged(brokerOrderID: "2000"),
        ]
        + [.pending, .unknown, .acknowledged, .triggerPending, .working, .filled, .cancelled, .rejected, .denied]
        .map { report($0) } + [report(.notSent), report(.working, "2000")]

    struct Row: CustomTestStringConvertible {
        let name: String
        let path: [OrderEvent]
        let expected: String
        var testDescription: String { name }
    }

    /// Columns: denied, notSent, rejected, unknown, acknowledged, acknowledged under another number; reports of
    /// pending, unknown, acknowledged, triggerPending, working, filled, cancelled, rejected, denied, notSent; a report
    /// of working under another number.
    static let rows: [Row] = [
        Row(name: "pending", path: [], expected: "DNRUAA !!ATWFCR!! W"),
        Row(name: "unknown", path: [.outcomeUnknown(reason: "?")], expected: "!NR.AA !!ATWFCR!! W"),
        Row(name: "acknowledged", path: [.acknowledged(brokerOrderID: number)], expected: "!!R..! !!.TWFCR!! !"),
        Row(name: "triggerPending", path: [report(.triggerPending)], expected: "!!!..! !!..WFCR!! !"),
        Row(name: "working", path: [report(.working)], expected: "!!!..! !!...FCR!! !"),
        Row(name: "filled", path: [report(.filled)], expected: "!!!..! !!....!!!! !"),
        Row(name: "cancelled", path: [report(.cancelled)], expected: "!!!..! !!...!.!!! !"),
        Row(name: "rejected later", path: [report(.rejected)], expected: "!!...! !!...!!.!! !"),
        Row(name: "rejected at once", path: [.rejected(reason: "no")], expected: "!!..!! !!!!!!!R!! !"),
        Row(name: "denied", path: [.denied(reason: "no")], expected: ".!!.!! !!!!!!!!!! !"),
        Row(name: "notSent", path: [.notSent(reason: "no")], expected: "!.!.AA !!ATWFCR!! W"),
    ]

    static func order(after path: [OrderEvent] = []) -> Order {
        var order = Order(
            id: OrderID(1), account: TradingAccountID(1), clientOrderID: "TAG",
            request: OrderRequest(
                instrument: InstrumentID(exchange: .nse, symbol: "SBIN"), side: .buy, type: .limit, quantity: 10,
                product: .intraday, price: Price(rupees: 100)),
            label: nil, placedTime: Timestamp(seconds: 0))
        for event in path { order.apply(event) }
        return order
    }

    @Test(arguments: rows)
    func `every event has its effect`(row: Row) throws {
        let cells = Array(row.expected.filter { $0 != " " })
        try #require(cells.count == Self.events.count)
        for (event, cell) in zip(Self.events, cells) {
            let before = Self.order(after: row.path)
            var order = before
            let transition = order.apply(event)
            switch cell {
            case ".", "!":
                #expect(transition == (cell == "." ? .unchanged : .conflicting), "\(event)")
                #expect(order == before, "\(event)")
            default:
                #expect(transition == .changed, "\(event)")
                #expect(order.status == Self.letters[cell], "\(event)")
            }
        }
    }

    @Test func `every state is a row of the table`() {
        #expect(Set(Self.rows.map { Self.order(after: $0.path).status }) == Set(OrderStatus.allCases))
    }

    @Test func `nothing remains of an order that ended`() {
        var order = Self.order()
        var report = OrderReport(brokerOrderID: "1", status: .working, quantity: 10, filledQuantity: 4)
        order.apply(.reported(report))
        #expect(order.remainingQuantity == 6)
        report.status = .cancelled
        report.cancelledQuantity = 6
        order.apply(.reported(report))
        #expect(order.remainingQuantity == 0 && order.filledQuantity == 4 && order.cancelledQuantity == 6)
    }

    @Test func `a change of type leads back to waiting for the trigger, by the exchange's clock`() {
        var order = Self.order()
        var report = OrderReport(brokerOrderID: "1", status: .working, quantity: 10)
        report.exchangeTime = Timestamp(seconds: 10)
        order.apply(.reported(report))
        report.status = .triggerPending
        report.exchangeTime = Timestamp(seconds: 9)
        #expect(order.apply(.reported(report)) == .unchanged)
        report.exchangeTime = Timestamp(seconds: 11)
        #expect(order.apply(.reported(report)) == .changed)
        #expect(order.status == .triggerPending)
    }

    @Test func `news that a fill's message overtook still tells where the order is`() {
        var order = Self.order()
        order.apply(
            .reported(OrderReport(brokerOrderID: "1", status: .acknowledged, quantity: 10, filledQuantity: 3)))
        #expect(order.apply(Self.report(.working, "1")) == .changed)
        #expect(order.status == .working && order.filledQuantity == 3)
        #expect(order.apply(Self.report(.triggerPending, "1")) == .unchanged)
    }

    @Test func `an older price never replaces a newer one`() {
        var order = Self.order()
        var report = OrderReport(brokerOrderID: "1", status: .working, quantity: 10)
        report.exchangeTime = Timestamp(seconds: 10)
        report.price = Price(rupees: 101)
        order.apply(.reported(report))
        report.exchangeTime = Timestamp(seconds: 9)
        report.price = Price(rupees: 100)
        #expect(order.apply(.reported(report)) == .unchanged)
        #expect(order.price == Price(rupees: 101))
    }

    @Test func `more fills under the same end are taken`() {
        var order = Self.order()
        var report = OrderReport(brokerOrderID: "1", status: .cancelled, quantity: 10, cancelledQuantity: 10)
        order.apply(.reported(report))
        report.filledQuantity = 3
        report.cancelledQuantity = 7
        report.averagePrice = Price(rupees: 99)
        #expect(order.apply(.reported(report)) == .changed)
        #expect(order.filledQuantity == 3 && order.cancelledQuantity == 7 && order.averagePrice == Price(rupees: 99))
    }

    @Test func `a refused order takes the number under which the broker lists it`() {
        var order = Self.order(after: [.rejected(reason: "Insufficient funds.")])
        #expect(order.apply(Self.report(.rejected)) == .changed)
        #expect(order.brokerOrderID == Self.number && order.message == "Insufficient funds.")
        #expect(order.apply(Self.report(.rejected)) == .unchanged)
    }
}
