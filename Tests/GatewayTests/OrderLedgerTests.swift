import Brokers
import Gateway
import Testing
import Trading

struct OrderLedgerTests {
    static let time = Timestamp(seconds: 1_787_000_000)

    private func ledger() -> OrderLedger {
        var ledger = OrderLedger(account: Trial.account)
        ledger.insert(
            Order(
                id: OrderID(1), account: Trial.account, clientOrderID: "TAG1", request: Trial.submission("a").request,
                label: "mine", placedTime: Self.time))
        return ledger
    }

    private func row(
        _ number: String, tags: [String] = [], status: OrderStatus = .working,
        _ change: (inout OrderRequest) -> Void = { _ in }
    ) -> BrokerOrderRow {
        var request = Trial.submission("a").request
        change(&request)
        return BrokerOrderRow(
            report: OrderReport(brokerOrderID: number, status: status, quantity: request.quantity), request: request,
            tags: tags, brokerTime: nil)
    }

    @Test func `a row is ours by the broker's number, whatever its tags`() {
        var ledger = ledger()
        _ = ledger.apply(.acknowledged(brokerOrderID: "B1"), to: OrderID(1), at: Self.time)
        #expect(ledger.identify(row("B1"), newID: { OrderID(2) }, at: Self.time) == .known(OrderID(1), .unchanged))
        #expect(ledger.order(brokerOrderID: "B1")?.id == OrderID(1))
    }

    @Test(arguments: [["TAG1"], ["autoslice:9", "TAG1"], ["TAG1", "x"]])
    func `a row is ours by its tag, wherever it stands`(tags: [String]) {
        var ledger = ledger()
        let row = row("B1", tags: tags)
        #expect(ledger.identify(row, newID: { OrderID(2) }, at: Self.time) == .known(OrderID(1), .unchanged))
        let (transition, entry) = ledger.apply(.reported(row.report), to: OrderID(1), at: Self.time)
        #expect(transition == .changed && entry?.sequence == 1)
        // An order update that comes before the answer: the answer changes nothing more.
        let late = ledger.apply(.acknowledged(brokerOrderID: "B1"), to: OrderID(1), at: Self.time)
        #expect(late.transition == .unchanged && late.entry == nil)
        #expect(ledger.all.map(\.status) == [.working])
    }

    @Test(arguments: 0..<4)
    func `our tag on other terms is not taken for our order`(fault: Int) {
        var ledger = ledger()
        let row = row("B1", tags: ["TAG1"]) { request in
            switch fault {
            case 0: request.quantity = 11
            case 1: request.side = .sell
            case 2: request.product = .delivery
            default: request.instrument = Trial.contract
            }
        }
        let stranger = OrderRequest(
            instrument: fault == 3 ? Trial.contract : Trial.share, side: row.request.side, type: .limit,
            quantity: row.request.quantity, product: row.request.product, price: row.request.price)
        #expect(stranger == row.request)
        #expect(ledger.identify(row, newID: { OrderID(2) }, at: Self.time) == .foreign(OrderID(1)))
        #expect(ledger[OrderID(1)]?.status == .pending)
        #expect(ledger[OrderID(2)]?.status == .working && ledger.isExternal(OrderID(2)))
    }

    @Test func `a second row under our tag is not taken for our order`() {
        var ledger = ledger()
        _ = ledger.apply(.acknowledged(brokerOrderID: "B1"), to: OrderID(1), at: Self.time)
        let sighting = ledger.identify(row("B2", tags: ["TAG1"]), newID: { OrderID(2) }, at: Self.time)
        #expect(sighting == .foreign(OrderID(1)))
        #expect(ledger[OrderID(1)]?.brokerOrderID == "B1")
    }

    @Test func `an order placed elsewhere is listed once and followed`() {
        var ledger = ledger()
        let first = ledger.identify(row("B9", tags: ["theirs"]), newID: { OrderID(2) }, at: Self.time)
        #expect(first == .external(OrderID(2)))
        #expect(ledger.isExternal(OrderID(2)) && !ledger.isExternal(OrderID(1)))
        #expect(ledger[OrderID(2)]?.label == "theirs")
        let again = ledger.identify(row("B9"), newID: { OrderID(3) }, at: Self.time)
        #expect(again == .known(OrderID(2), .unchanged))
        #expect(ledger.all.map(\.id) == [OrderID(1), OrderID(2)])
    }

    @Test func `only what changes an order is journaled, numbered from where it was`() {
        var ledger = OrderLedger(account: Trial.account)
        ledger.insert(
            Order(
                id: OrderID(1), account: Trial.account, clientOrderID: "T", request: Trial.submission("a").request,
                label: nil, placedTime: Self.time), eventCount: 4)
        let first = ledger.apply(.acknowledged(brokerOrderID: "B1"), to: OrderID(1), at: Self.time)
        #expect(first.entry?.sequence == 5)
        #expect(ledger.apply(.acknowledged(brokerOrderID: "B1"), to: OrderID(1), at: Self.time).entry == nil)
        #expect(ledger.apply(.notSent(reason: ""), to: OrderID(1), at: Self.time).entry == nil)
        #expect(ledger.apply(.denied(reason: ""), to: OrderID(99), at: Self.time).transition == .conflicting)
        #expect(ledger.eventCount(of: OrderID(1)) == 5)
    }

    @Test func `ended orders of earlier days go when the book shows them no more`() {
        var ledger = ledger()
        _ = ledger.identify(row("B1", status: .filled), newID: { OrderID(2) }, at: Self.time)
        _ = ledger.identify(row("B2", status: .filled), newID: { OrderID(3) }, at: Self.time)
        _ = ledger.identify(row("B3"), newID: { OrderID(4) }, at: Self.time)
        ledger.forgetEnded(placedBefore: Self.time, except: [])
        #expect(ledger.all.count == 4)
        ledger.forgetEnded(placedBefore: Self.time.advanced(by: .seconds(1)), except: ["B2"])
        #expect(ledger.all.map(\.id) == [OrderID(1), OrderID(3), OrderID(4)])
        #expect(ledger.order(brokerOrderID: "B1") == nil)
    }
}
