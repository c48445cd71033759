import Brokers
import KiteConnect
import Testing
import Trading

@testable import KiteAdapter

struct KiteOrdersTests {
    static let share = InstrumentID(exchange: .nse, symbol: "SBIN")

    private func request(
        _ type: OrderType, _ change: (inout OrderRequest) -> Void = { _ in }
    ) throws -> KiteOrderRequest {
        var request = OrderRequest(
            instrument: Self.share, side: .buy, type: type, quantity: 10, product: .intraday,
            price: Price(paise: 80_005), triggerPrice: Price(paise: 79_995))
        change(&request)
        return try KiteOrderRequest(BrokerOrder(request: request, clientOrderID: "TAG"))
    }

    @Test func `an order is written in Kite's words`() throws {
        let written = try request(.limit) {
            $0.side = .sell
            $0.product = .delivery
            $0.disclosedQuantity = 3
        }
        #expect(written.variety == .regular && written.exchange == .nse && written.tradingsymbol == "SBIN")
        #expect(written.transactionType == .sell && written.product == .cnc && written.orderType == .limit)
        #expect(written.quantity == 10 && written.disclosedQuantity == 3 && written.tag == "TAG")
        #expect(written.price == 800.05 && written.validity == .day && written.validityTTLMinutes == nil)
        #expect(written.marketProtection == nil && written.autoslice == nil && written.algoID == nil)
    }

    /// Columns: type, its word, price, trigger price.
    @Test(
        arguments: [
            (OrderType.market, "MARKET", nil, nil), (.limit, "LIMIT", 800.05, nil), (.stopLimit, "SL", 800.05, 799.95),
            (.stopMarket, "SL-M", nil, 799.95),
        ] as [(OrderType, String, Double?, Double?)])
    func `only the prices that belong to a type are sent`(row: (OrderType, String, Double?, Double?)) throws {
        let written = try request(row.0)
        #expect(written.orderType.rawValue == row.1 && written.price == row.2 && written.triggerPrice == row.3)
    }

    @Test(
        arguments: [
            (TimeInForce.day, KiteValidity.day, nil), (.immediateOrCancel, .immediateOrCancel, nil),
            (.minutes(30), .minutes, 30),
        ] as [(TimeInForce, KiteValidity, Int?)])
    func `a time in force is a validity and its minutes`(row: (TimeInForce, KiteValidity, Int?)) throws {
        let written = try request(.limit) { $0.timeInForce = row.0 }
        #expect(written.validity == row.1 && written.validityTTLMinutes == row.2)
        var current = OrderRequest(
            instrument: Self.share, side: .buy, type: .limit, quantity: 10, product: .intraday,
            price: Price(rupees: 800))
        current.timeInForce = row.0
        let change = try KiteOrderChange(BrokerOrderChange(change: OrderChange(), current: current))
        #expect(change.validity == row.1 && change.validityTTLMinutes == row.2)
    }

    @Test(
        arguments: [
            (MarketProtection.automatic, -1), (.basisPoints(1), 0.01), (.basisPoints(250), 2.5),
            (.basisPoints(10_000), 100),
        ] as [(MarketProtection, Double)])
    func `protection is a percentage, or -1 for Kite's own`(protection: MarketProtection, number: Double) throws {
        #expect(try request(.market) { $0.marketProtection = protection }.marketProtection == number)
        #expect(try request(.stopMarket) { $0.marketProtection = protection }.marketProtection == number)
    }

    @Test(arguments: Product.allCases)
    func `every product and exchange has the same word on both sides`(product: Product) throws {
        for exchange in Exchange.allCases {
            let written = try request(.limit) {
                $0.product = product
                $0.instrument = InstrumentID(exchange: exchange, symbol: "X")
            }
            #expect(written.product.rawValue == product.rawValue && written.exchange.rawValue == exchange.rawValue)
        }
    }

    @Test func `a change carries the terms as they will stand, and the quantity only where it changes`() throws {
        let current = OrderRequest(
            instrument: Self.share, side: .buy, type: .stopLimit, quantity: 10, product: .intraday,
            price: Price(paise: 80_005), triggerPrice: Price(paise: 79_995))
        let same = try KiteOrderChange(BrokerOrderChange(change: OrderChange(), current: current))
        #expect(same.quantity == nil && same.price == 800.05 && same.triggerPrice == 799.95)
        #expect(same.orderType == .stopLimit && same.validity == .day && same.marketProtection == nil)
        let more = try KiteOrderChange(BrokerOrderChange(change: OrderChange(quantity: 12), current: current))
        #expect(more.quantity == 12)
    }

    @Test func `a change to a market order carries protection and no prices`() throws {
        var current = OrderRequest(
            instrument: Self.share, side: .buy, type: .market, quantity: 10, product: .intraday)
        current.marketProtection = .automatic
        let change = try KiteOrderChange(BrokerOrderChange(change: OrderChange(type: .market), current: current))
        #expect(change.orderType == .market && change.marketProtection == -1)
        #expect(change.price == nil && change.triggerPrice == nil)
    }
}
