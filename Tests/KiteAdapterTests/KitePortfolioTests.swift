import Brokers
import KiteConnect
import Testing
import Trading

@testable import KiteAdapter

struct KitePortfolioTests {
    static func position(_ fields: String) throws -> Position? {
        let text = """
            {"status":"success","data":{"tradingsymbol":"GOLDGUINEA17DECFUT","exchange":"MCX","product":"NRML",\
            "instrument_token":53505799,\(fields)}}
            """
        return Position(try KiteAnswer.decode(KitePosition.self, from: Array(text.utf8)))
    }

    /// Numbers: Kite Connect, sample answer of positions.
    @Test func `units carried long have the price that is left of the buys`() throws {
        let position = try #require(
            try Self.position(
                """
                "quantity":0,"overnight_quantity":3,"multiplier":1,"close_price":23232,"last_price":23355,\
                "buy_value":92559,"sell_value":93360,"day_buy_quantity":1,"day_buy_value":23388,\
                "day_sell_quantity":4,"day_sell_value":93360
                """))
        #expect(position.overnightQuantity == 3 && position.overnightPrice == Price(rupees: 23_057))
        #expect(position.quantity == 0 && position.profit == Money(rupees: 801))
        #expect(position.markToMarket == Money(rupees: 276) && position.buyPrice.description == "23139.75")
    }

    @Test func `units carried short have the price that is left of the sells`() throws {
        let position = try #require(
            try Self.position(
                """
                "quantity":-1,"overnight_quantity":-2,"multiplier":10,"close_price":95,"last_price":92,\
                "buy_value":900,"sell_value":2000,"day_buy_quantity":1,"day_buy_value":900,\
                "day_sell_quantity":0,"day_sell_value":0
                """))
        #expect(position.overnightPrice == Price(rupees: 100) && position.multiplier == 10)
        #expect(position.quantity == -1 && position.profit == Money(rupees: 180))
        #expect(position.markToMarket == Money(rupees: 80))
    }

    @Test func `a zero price is an unknown price`() throws {
        let position = try #require(
            try Self.position(
                """
                "quantity":1,"overnight_quantity":0,"multiplier":1000,"close_price":0,"last_price":0,\
                "buy_value":161050,"sell_value":0,"day_buy_quantity":1,"day_buy_value":161050,\
                "day_sell_quantity":0,"day_sell_value":0
                """))
        #expect(position.closePrice == nil && position.lastPrice == nil && position.profit == nil)
        #expect(position.averagePrice.description == "161.05")
    }

    @Test(arguments: [#""multiplier":0"#, #""multiplier":0.5"#])
    func `a multiplier that is no whole number is not guessed`(multiplier: String) throws {
        #expect(try Self.position(#""quantity":1,"overnight_quantity":0,\#(multiplier)"#) == nil)
    }

    /// Numbers: Kite Connect, sample answer of holdings.
    @Test func `a holding is read`() throws {
        let text = """
            {"status":"success","data":{"tradingsymbol":"AARON","exchange":"NSE","instrument_token":263681,\
            "isin":"INE721Z01010","product":"CNC","quantity":1,"t1_quantity":2,"collateral_quantity":0,\
            "collateral_type":"","average_price":161,"last_price":352.95,"close_price":352.35}}
            """
        let holding = try #require(Holding(KiteAnswer.decode(KiteHolding.self, from: Array(text.utf8))))
        #expect(holding.isin == "INE721Z01010" && holding.product == .delivery && holding.collateralType == nil)
        #expect(holding.quantity == 1 && holding.unsettledQuantity == 2)
        #expect(holding.profit?.description == "575.85" && holding.closePrice == Price(paise: 35_235))
    }

    @Test func `funds are read field by field`() throws {
        let names = [
            "debits", "exposure", "m2m_realised", "m2m_unrealised", "option_premium", "payout", "span",
            "holding_sales", "turnover", "liquid_collateral", "stock_collateral", "delivery",
        ]
        let utilised = names.enumerated().map { "\"\($0.element)\":\($0.offset + 1).5" }.joined(separator: ",")
        let text = """
            {"status":"success","data":{"equity":{"enabled":true,"net":99725.05,"available":{"adhoc_margin":1.25,\
            "cash":2.25,"opening_balance":3.25,"live_balance":4.25,"collateral":5.25,"intraday_payin":6.25},\
            "utilised":{\(utilised)}}}}
            """
        let margins = try KiteAnswer.decode(KiteMargins.self, from: Array(text.utf8))
        #expect(margins.commodity == nil)
        let equity = try #require(margins.equity)
        let purse = try #require(Margin(equity))
        #expect(purse.isEnabled && purse.net.description == "99725.05")
        let available = purse.available
        let amounts = [
            available.adhocMargin, available.cash, available.openingBalance, available.liveBalance,
            available.collateral, available.intradayPayin,
        ]
        #expect(amounts.map(\.description) == (1...6).map { "\($0).25" })
        let used = purse.utilised
        let uses = [
            used.debits, used.exposure, used.realisedProfit, used.unrealisedProfit, used.optionPremium, used.payout,
            used.span, used.holdingSales, used.turnover, used.liquidCollateral, used.stockCollateral, used.delivery,
        ]
        #expect(uses.map(\.description) == (1...12).map { "\($0).5" })
    }

    @Test(arguments: ["net", "cash", "span"]) func `funds that money cannot hold are unknown, not zero`(
        _ field: String
    ) throws {
        func amount(_ name: String) -> String { "\"\(name)\":\(name == field ? "1e300" : "1")" }
        let available = ["adhoc_margin", "cash", "opening_balance", "live_balance", "collateral", "intraday_payin"]
        let utilised = [
            "debits", "exposure", "m2m_realised", "m2m_unrealised", "option_premium", "payout", "span",
            "holding_sales", "turnover", "liquid_collateral", "stock_collateral", "delivery",
        ]
        let text = """
            {"status":"success","data":{"equity":{"enabled":true,\(amount("net")),\
            "available":{\(available.map(amount).joined(separator: ","))},\
            "utilised":{\(utilised.map(amount).joined(separator: ","))}}}}
            """
        let margins = try KiteAnswer.decode(KiteMargins.self, from: Array(text.utf8))
        let equity = try #require(margins.equity)
        #expect(Margin(equity) == nil)
    }

    /// Columns: token, wire price, rupees. Source: Kite Connect, prices of ticks by segment.
    @Test(arguments: [(779_521, 80_005, "800.05"), (412_675, 727_575_000, "72.7575")] as [(UInt32, UInt32, String)])
    func `a tick is a price mark`(row: (UInt32, UInt32, String)) {
        var tick = Tick(instrumentToken: row.0, kind: .quote, rawLastPrice: row.1)
        #expect(PriceMark(tick).lastPrice.description == row.2 && PriceMark(tick).closePrice == nil)
        tick.rawClose = row.1
        #expect(PriceMark(tick).closePrice?.description == row.2)
        #expect(PriceMark(Tick(instrumentToken: row.0, kind: .lastPrice, rawLastPrice: row.1)).closePrice == nil)
    }
}
