import Brokers
import HTTPTypes
import JSON
import Testing
import Trading

@testable import API

struct PortfolioRoutesTests {
    static let future: Position = {
        var position = Position(
            instrument: InstrumentID(exchange: .nfo, symbol: House.future), token: InstrumentToken(2_560_258),
            product: .carryForward)
        position.overnightQuantity = 75
        position.overnightPrice = Price(tenThousandths: 245_005_000)
        position.closePrice = Price(rupees: 24_540)
        position.lastPrice = Price(rupees: 24_550)
        return position
    }()

    @Test func `positions have the shape and the sums of the reference`() async throws {
        try await House.run(broker: { $0.positions.net = [Self.future] }) { house in
            let reply = try await house.send(.get, "/accounts/primary/positions", as: house.ann)
            let row = """
                {"tradingsymbol":"NIFTY25NOVFUT","exchange":"NFO","instrument_token":2560258,"product":"NRML",\
                "quantity":75,"average_price":24500.5,"last_price":24550,"pnl":3712.5,"m2m":750,"day_pnl":750,\
                "value":1841250,"buy_quantity":75,"buy_price":24500.5,"sell_quantity":0,"sell_price":0,\
                "overnight_quantity":75}
                """
            let expected = """
                {"status":"success","account_id":"DW1234","count":1,"total_pnl":3712.5,"day_pnl":750,\
                "as_of":"2025-11-07T04:00:00.000Z","positions":[\(row)]}
                """
            #expect(reply.text == expected)
            #expect(reply.headers[.contentType] == "application/json")
            #expect(reply.headers[.cacheControl] == "no-store")
        }
    }

    @Test func `what is unknown is null and never zero`() async throws {
        var unpriced = Self.future
        unpriced.lastPrice = nil
        let position = unpriced
        try await House.run(broker: { $0.positions.net = [position] }) { house in
            let reply = try await house.send(.get, "/accounts/DW1234/positions", as: house.ann)
            for name in ["last_price", "pnl", "m2m", "day_pnl", "value"] {
                #expect(reply["positions", "0", name]?.isNull == true, "\(name)")
            }
            #expect(reply["total_pnl"]?.isNull == true)
            let list = try await house.send(.get, "/accounts", as: house.ann)
            #expect(list["accounts", "0", "total_pnl"]?.isNull == true)
            #expect(list["accounts", "0", "position_count"]?.number?.int == 1)
            #expect(list["accounts", "0", "available_margin"]?.isNull == true)
        }
    }

    @Test func `fresh asks the broker, otherwise what is known is told`() async throws {
        try await House.run { house in
            let before = house.broker.positionReads
            _ = try await house.send(.get, "/accounts/DW1234/positions", as: house.ann)
            #expect(house.broker.positionReads == before)
            _ = try await house.send(.get, "/accounts/DW1234/positions?fresh=true", as: house.ann)
            #expect(house.broker.positionReads == before + 1)
            let bad = try await house.send(.get, "/accounts/DW1234/positions?fresh=maybe", as: house.ann)
            #expect(bad.string("code") == "invalid_parameter")
        }
    }

    @Test(arguments: [
        (BrokerError.Cause.unreachable, 502, "broker_unreachable"), (.timeout, 504, "broker_timeout"),
        (.rateLimited, 503, "broker_rate_limited"), (.session, 503, "broker_session_expired"),
        (.invalidAnswer, 502, "broker_error"),
    ])
    func `a broker that does not answer is a clear state`(
        cause: BrokerError.Cause, status: Int, code: String
    ) async throws {
        try await House.run { house in
            house.broker.set { $0.readError = BrokerError(.notSent, cause, "It does not answer.") }
            let reply = try await house.send(.get, "/accounts/DW1234/positions?fresh=1", as: house.ann)
            #expect(reply.status == status)
            #expect(reply.string("code") == code)
            #expect(try await house.send(.get, "/accounts/DW1234/positions", as: house.ann).status == 200)
        }
    }

    @Test func `holdings have the shape and the sums of the reference`() async throws {
        var tcs = Holding(instrument: InstrumentID(exchange: .nse, symbol: "TCS"), token: InstrumentToken(2_953_217))
        tcs.isin = "INE467B01029"
        tcs.quantity = 10
        tcs.averagePrice = Price(rupees: 3_500)
        tcs.lastPrice = Price("3625.5")
        let holding = tcs
        try await House.run(broker: { $0.holdings = [holding] }) { house in
            let reply = try await house.send(.get, "/accounts/DW1234/holdings", as: house.ann)
            let expected = """
                {"status":"success","account_id":"DW1234","count":1,"total_pnl":1255,"total_value":36255,\
                "as_of":"2025-11-07T04:00:00.000Z","holdings":[{"tradingsymbol":"TCS","exchange":"NSE",\
                "instrument_token":2953217,"isin":"INE467B01029","quantity":10,"t1_quantity":0,"average_price":3500,\
                "last_price":3625.5,"pnl":1255,"product":"CNC","collateral_quantity":0,"collateral_type":""}]}
                """
            #expect(reply.text == expected)
        }
    }

    @Test func `funds tell both purses or the one asked for`() async throws {
        var equity = Margin()
        equity.net = Money("150000.5") ?? .zero
        equity.available.cash = equity.net
        equity.available.liveBalance = equity.net
        equity.utilised.debits = Money(rupees: 50_000)
        equity.utilised.exposure = Money(rupees: 25_000)
        equity.utilised.realisedProfit = Money(rupees: -500)
        equity.utilised.unrealisedProfit = Money(rupees: 1_200)
        let margins: [MarginSegment: Margin] = [.equity: equity, .commodity: Margin()]
        try await House.run(broker: { $0.margins = margins }) { house in
            let reply = try await house.send(.get, "/accounts/DW1234/funds", as: house.ann)
            let block = try #require(reply["funds", "equity"]?.object)
            #expect(block["enabled"] == .bool(true))
            #expect(block["net"]?.number?.text == "150000.5")
            #expect(reply["funds", "equity", "available", "live_balance"]?.number?.text == "150000.5")
            #expect(reply["funds", "equity", "available", "intraday_payin"]?.number?.text == "0")
            #expect(reply["funds", "equity", "utilised", "m2m_realised"]?.number?.text == "-500")
            #expect(reply["funds", "commodity", "available", "cash"]?.number?.text == "0")
            let one = try await house.send(.get, "/accounts/DW1234/funds?segment=equity", as: house.ann)
            #expect(one["funds"]?.object?.members.map(\.name) == ["equity"])
            let bad = try await house.send(.get, "/accounts/DW1234/funds?segment=forex", as: house.ann)
            #expect(bad.status == 400)
            let list = try await house.send(.get, "/accounts", as: house.ann)
            #expect(list["accounts", "0", "available_margin"]?.number?.text == "150000.5")
        }
    }
}
