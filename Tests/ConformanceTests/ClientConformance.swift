import KiteConnect
import KiteSimulator
import Testing

/// Our client over the methods that the official Python client has, against the simulator with Kite's own limits.
@Suite(.timeLimit(.minutes(3))) struct ClientConformanceTests {
    @Test func `every call of the official clients works with ours, within Kite's rates`() async throws {
        try await SimulatedBroker.with(limits: .kite) { broker in
            let list = try await ClientConformance(broker)
            await list.run()
            print(list.table.printed(title: "KiteConnect (Swift) against the simulator"))
            #expect(list.table.failures == [])
            #expect(list.table.rows.count >= 45)
        }
    }
}

/// The list, in an order in which each call finds what it needs.
final class ClientConformance {
    let broker: SimulatedBroker
    let table = ConformanceTable()
    let kite: KiteClient
    let future: InstrumentRow
    let option: InstrumentRow
    let share: InstrumentRow

    init(_ broker: SimulatedBroker) async throws {
        self.broker = broker
        kite = try await broker.signedIn()
        let derivatives = try await kite.instruments(exchange: .nfo).rows()
        let shares = try await kite.instruments(exchange: .nse).rows()
        future = try #require(derivatives.first { $0.name == "NIFTY" && $0.instrumentType == .future })
        share = try #require(shares.first { $0.tradingsymbol == "INFY" })
        let spot = try #require(try await kite.lastPrices(["NSE:NIFTY 50"])["NSE:NIFTY 50"]?.lastPrice)
        let calls = derivatives.filter { $0.name == "NIFTY" && $0.instrumentType == .call }
        let nearest = calls.compactMap(\.expiry).min()
        option = try #require(
            calls.filter { $0.expiry == nearest }.min { abs($0.strike - spot) < abs($1.strike - spot) })
    }

    func run() async {
        await session()
        await market()
        await orders()
        await portfolio()
        await triggers()
        await alerts()
        await calculators()
        await funds()
        await ending()
    }

    func key(_ row: InstrumentRow) -> String { "\(row.exchange.rawValue):\(row.tradingsymbol)" }

    func lastPrice(_ row: InstrumentRow) async throws -> Double {
        let rows = try await kite.lastPrices([key(row)])
        guard let price = rows[key(row)]?.lastPrice else { throw CheckFailed("\(key(row)) has no price") }
        return price
    }

    /// A price on the instrument's tick.
    func price(_ wanted: Double, of row: InstrumentRow) -> Double {
        let paise = ((wanted / row.tickSize).rounded() * row.tickSize * 100).rounded()
        return paise / 100
    }

    func order(
        _ row: InstrumentRow, _ side: KiteTransactionType = .buy, _ type: KiteOrderType = .market, price: Double? = nil,
        lots: Int = 1, variety: KiteVariety = .regular, product: KiteProduct? = nil
    ) -> KiteOrderRequest {
        KiteOrderRequest(
            variety: variety, exchange: row.exchange, tradingsymbol: row.tradingsymbol, transactionType: side,
            quantity: row.lotSize * lots, product: product ?? (row.exchange == .nfo ? .nrml : .cnc), orderType: type,
            price: price, tag: "conformance", marketProtection: type == .market ? -1 : nil)
    }

    func place(_ request: KiteOrderRequest) async throws -> String {
        let receipt = try await kite.placeOrder(request)
        guard let orderID = receipt.orderID else { throw CheckFailed("no order id") }
        return orderID
    }

    func reaches(_ orderID: String, _ statuses: KiteOrderStatus...) async throws -> KiteOrder {
        try await eventually("\(orderID) did not become \(statuses.map(\.rawValue))") {
            guard let order = try await kite.orders().first(where: { $0.orderID == orderID }) else { return nil }
            if order.status == .rejected, !statuses.contains(.rejected) {
                throw CheckFailed("rejected: \(order.statusMessage ?? "")")
            }
            return statuses.contains(order.status) ? order : nil
        }
    }

    /// An order that rests below the market.
    func resting(_ variety: KiteVariety = .regular) async throws -> (orderID: String, price: Double) {
        let price = price(try await lastPrice(future) * 0.97, of: future)
        let orderID = try await place(order(future, .buy, .limit, price: price, variety: variety))
        return (orderID, price)
    }
}
