import Testing
import Trading

struct PositionTests {
    /// A row of positions: what goes in, then what must come out. Numbers: Kite Connect, sample answer of positions.
    struct Row: CustomTestStringConvertible {
        var name: String
        var multiplier: Int64 = 1
        var overnight: (Quantity, String) = (0, "0")
        var bought: (Quantity, String) = (0, "0")
        var sold: (Quantity, String) = (0, "0")
        var close: String?
        var last: String
        var quantity: Quantity
        var averagePrice: String
        var value: String
        var profit: String
        var markToMarket: String
        var buy: (Quantity, String, String)
        var sell: (Quantity, String, String)
        var testDescription: String { name }
    }

    static let lead = Row(
        name: "net and day LEADMINI17DECFUT", multiplier: 1_000, bought: (1, "161050"), last: "161.05", quantity: 1,
        averagePrice: "161.05", value: "-161050", profit: "0", markToMarket: "0", buy: (1, "161.05", "161050"),
        sell: (0, "0", "0"))
    static let share = Row(
        name: "net and day SBIN", bought: (1, "311"), sold: (1, "309"), last: "308.4", quantity: 0, averagePrice: "0",
        value: "-2", profit: "-2", markToMarket: "-2", buy: (1, "311", "311"), sell: (1, "309", "309"))
    static let rows: [Row] = [
        lead, share,
        Row(
            name: "net GOLDGUINEA17DECFUT", overnight: (3, "23057"), bought: (1, "23388"), sold: (4, "93360"),
            close: "23232", last: "23355", quantity: 0, averagePrice: "0", value: "801", profit: "801",
            markToMarket: "276", buy: (4, "23139.75", "92559"), sell: (4, "23340", "93360")),
        Row(
            name: "day GOLDGUINEA17DECFUT", bought: (1, "23388"), sold: (4, "93360"), close: "23232", last: "23355",
            quantity: -3, averagePrice: "23340", value: "69972", profit: "-93", markToMarket: "-93",
            buy: (1, "23388", "23388"), sell: (4, "23340", "93360")),
        // Not of the sample: carried short, the mirror of the carried long.
        Row(
            name: "carried short", multiplier: 10, overnight: (-2, "100"), bought: (1, "900"), close: "95", last: "92",
            quantity: -1, averagePrice: "100", value: "1100", profit: "180", markToMarket: "80",
            buy: (1, "90", "900"), sell: (2, "100", "2000")),
    ]

    @Test(arguments: rows)
    func `a position comes out as the broker shows it`(row: Row) throws {
        var position = Position(
            instrument: InstrumentID(exchange: .mcx, symbol: row.name), token: InstrumentToken(1),
            product: .carryForward, multiplier: row.multiplier)
        position.overnightQuantity = row.overnight.0
        position.overnightPrice = try #require(Price(row.overnight.1))
        position.dayBuyQuantity = row.bought.0
        position.dayBuyValue = try #require(Money(row.bought.1))
        position.daySellQuantity = row.sold.0
        position.daySellValue = try #require(Money(row.sold.1))
        position.closePrice = row.close.flatMap { Price($0) }
        position.lastPrice = Price(row.last)
        #expect(position.quantity == row.quantity)
        #expect(position.averagePrice.description == row.averagePrice)
        #expect(position.value.description == row.value)
        #expect(position.profit?.description == row.profit)
        #expect(position.markToMarket?.description == row.markToMarket)
        #expect(position.buyQuantity == row.buy.0)
        #expect(position.buyPrice.description == row.buy.1)
        #expect(position.buyValue.description == row.buy.2)
        #expect(position.sellQuantity == row.sell.0)
        #expect(position.sellPrice.description == row.sell.1)
        #expect(position.sellValue.description == row.sell.2)
    }

    @Test func `executions add up`() {
        var position = Position(
            instrument: InstrumentID(exchange: .mcx, symbol: "LEADMINI17DECFUT"), token: InstrumentToken(1),
            product: .carryForward, multiplier: 1_000)
        position.add(side: .buy, quantity: 2, price: Price(paise: 16_105))
        position.add(side: .sell, quantity: 1, price: Price(paise: 16_205))
        #expect(position.quantity == 1)
        #expect(position.dayBuyValue == Money(rupees: 322_100))
        #expect(position.daySellValue == Money(rupees: 162_050))
    }

    @Test func `an unknown price makes an unknown profit, not a zero`() {
        var position = Position(
            instrument: InstrumentID(exchange: .nse, symbol: "SBIN"), token: InstrumentToken(1), product: .intraday)
        position.add(side: .buy, quantity: 2, price: Price(rupees: 800))
        #expect(position.profit == nil && position.markToMarket == nil)
        position.lastPrice = Price(rupees: 801)
        #expect(position.profit == Money(rupees: 2) && position.markToMarket == Money(rupees: 2))
        position.overnightQuantity = 1
        #expect(position.markToMarket == nil)
    }

    @Test func `a flat position's profit needs no price`() {
        var position = Position(
            instrument: InstrumentID(exchange: .nse, symbol: "SBIN"), token: InstrumentToken(1), product: .intraday)
        position.add(side: .buy, quantity: 2, price: Price(rupees: 800))
        position.add(side: .sell, quantity: 2, price: Price(rupees: 805))
        #expect(position.profit == Money(rupees: 10) && position.markToMarket == Money(rupees: 10))
    }
}
