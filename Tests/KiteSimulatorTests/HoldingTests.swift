import JSON
import PaperExchange
import Testing
import Trading

@testable import KiteSimulator

@Suite(.timeLimit(.minutes(2))) struct HoldingTests {
    static let infosys = InstrumentID(exchange: .nse, symbol: "INFY")

    static func shares(_ quantity: Quantity, at price: Int64, product: Product = .delivery) -> Holding {
        var holding = Holding(instrument: infosys, token: InstrumentToken(408_065))
        holding.isin = "INE009A01021"
        holding.quantity = quantity
        holding.averagePrice = Price(rupees: price)
        holding.product = product
        return holding
    }

    static func sale(_ quantity: Int, product: String = "CNC") -> String {
        "exchange=NSE&tradingsymbol=INFY&transaction_type=SELL&quantity=\(quantity)&product=\(product)"
            + "&order_type=MARKET&market_protection=-1"
    }

    @Test func `a holding row tells profit and change`() throws {
        var holding = Holding(
            instrument: InstrumentID(exchange: .nse, symbol: "AARON"), token: InstrumentToken(263_681))
        holding.isin = "INE721Z01010"
        holding.quantity = 1
        holding.averagePrice = Price(rupees: 161)
        holding.lastPrice = Price("352.95")
        holding.closePrice = Price("352.35")
        var shares = HeldShares(holding: holding)
        shares.funded = Self.shares(1_000, at: 100, product: .marginFunded)
        let row = try JSONValue.written { $0.holdingRow(shares, date: CalendarDate(daysSinceEpoch: 0)) }
        #expect(row.at("pnl")?.number?.text == "191.95")
        #expect(row.at("day_change")?.number?.text == "0.6")
        let percentage = try #require(row.at("day_change_percentage")?.number?.double)
        #expect(abs(percentage - 0.170_285_227_756_482_44) < 1e-12)
        #expect(row.at("authorised_date")?.string == "1970-01-01 00:00:00")
        #expect(row.at("mtf", "value")?.number?.text == "100000")
        guard SampleData.isPresent else { return }
        let sample = try #require(try SampleData.json("holdings.json").at("data")?.array?.first)
        #expect(Shape.differences(row, sample) == [])
        for (name, value) in [("quantity", "1"), ("opening_quantity", "1"), ("pnl", "191.95")] {
            #expect(row.at(name)?.number?.text == value)
        }
    }

    @Test func `holdings are told in full, in short and as a sum`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            await running.venue.deposit(
                [
                    Self.shares(10, at: 1_000), Self.shares(30, at: 1_400),
                    Self.shares(5, at: 90, product: .marginFunded),
                ],
                for: "AB1234")
            let rows = try #require(
                try await running.call("GET", "/portfolio/holdings", session: session).data.array)
            #expect(rows.count == 1)
            #expect(rows[0].at("quantity")?.number?.text == "40")
            #expect(rows[0].at("average_price")?.number?.text == "1300")
            #expect(rows[0].at("mtf", "quantity")?.number?.text == "5")
            let compact = try await running.call("GET", "/portfolio/holdings/compact", session: session)
            let summary = try await running.call("GET", "/portfolio/holdings/summary", session: session).data
            let invested = try #require(summary.at("invested_amount")?.number?.double)
            let current = try #require(summary.at("current_value")?.number?.double)
            #expect(invested == 40 * 1_300 + 5 * 90)
            #expect(summary.at("total_pnl")?.number?.double == current - invested)
            let percent = try #require(summary.at("total_pnl_percent")?.number?.double)
            #expect(abs(percent - (current - invested) / invested * 100) < 1e-9)
            guard SampleData.isPresent else { return }
            let sample = try SampleData.json("holdings_compact.json")
            #expect(Shape.differences(try compact.data, try #require(sample.at("data"))) == [])
            let sums = try SampleData.json("holdings_summary.json")
            #expect(Shape.differences(summary, try #require(sums.at("data"))) == [])
        }
    }

    @Test func `the sample summary is reproduced from its own amounts`() throws {
        var holding = Self.shares(1, at: 1)
        holding.averagePrice = try #require(Price("41044.404"))
        holding.lastPrice = Price("47842.64")
        holding.closePrice = Price("47919.44")
        let summary = try #require(HoldingsSummary([holding]))
        #expect(abs(summary.totalPercent - 16.563_125) < 1e-5)
        #expect(abs(summary.todaysPercent - -0.160_268_98) < 1e-7)
        #expect(summary.todaysProfit == Money("-76.8"))
        holding.closePrice = nil
        #expect(HoldingsSummary([holding]) == nil)
    }

    @Test func `offered shares stand in the auction list`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let path = "/portfolio/holdings/auctions"
            #expect(try await running.call("GET", path, session: session).data == .array([]))
            await running.venue.deposit([Self.shares(1, at: 131)], for: "AB1234")
            let number = try #require(await running.venue.auctions(of: "AB1234").first?.number)
            let data = try await running.call("GET", path, session: session).data
            #expect(data.array?.first?.at("auction_number")?.string == number)
            guard SampleData.isPresent else { return }
            let sample = try SampleData.json("auctions_list.json")
            #expect(Shape.differences(data, try #require(sample.at("data"))) == [])
        }
    }

    @Test func `shares are sold only once their owner has authorised it on the page`() async throws {
        try await withKite(configure: { market, _ in market.holdingsNeedAuthorisation = true }) { running in
            let session = try await running.signIn()
            await running.venue.deposit([Self.shares(10, at: 1_000)], for: "AB1234")
            let refused = try await running.call("POST", "/orders/regular", session: session, form: Self.sale(10))
            #expect(refused.status == 428)
            #expect(try refused.message == "10 quantity needs authorisation at depository.")
            let opened = try await running.call(
                "POST", "/portfolio/holdings/authorise", session: session, form: "isin=INE009A01021&quantity=4.0")
            let id = try #require(try opened.data.at("request_id")?.string)
            #expect(id.utf8.count == 32)
            let path = "/connect/portfolio/authorise/holdings/\(RunningKite.apiKey)/\(id)"
            let page = try await running.call("GET", path)
            #expect(page.status == 200 && page.contentType == "text/html; charset=utf-8")
            let done = try await running.call("POST", path, form: "decision=allow")
            #expect(done.status == 302)
            #expect(done.location == "\(path)/finish?status=success")
            #expect(try await running.call("GET", path + "/finish?status=success").status == 200)
            #expect(try await running.call("POST", path, form: "decision=allow").status == 404)
            let more = try await running.call("POST", "/orders/regular", session: session, form: Self.sale(5))
            #expect(more.status == 428)
            let sold = try await running.call("POST", "/orders/regular", session: session, form: Self.sale(4))
            #expect(sold.status == 200)
            let row = try await running.call("GET", "/portfolio/holdings", session: session).data.array?.first
            #expect(row?.at("used_quantity")?.number?.text == "4")
            #expect(row?.at("authorised_quantity")?.number?.text == "4")
            let again = try await running.call("POST", "/orders/regular", session: session, form: Self.sale(1))
            #expect(again.status == 428)
            let all = try await running.call("POST", "/portfolio/holdings/authorise", session: session, form: "")
            let next = try #require(try all.data.at("request_id")?.string)
            let kept = "/connect/portfolio/authorise/holdings/\(RunningKite.apiKey)/\(next)"
            let refusal = try await running.call("POST", kept, form: "decision=refuse")
            #expect(refusal.location == "\(kept)/finish?status=error")
        }
    }

    @Test func `a day's dealing is converted and its money moved along`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let buy = "exchange=NSE&tradingsymbol=INFY&transaction_type=BUY&quantity=10&product=MIS&order_type=MARKET"
            _ = try await running.call("POST", "/orders/regular", session: session, form: buy + "&market_protection=-1")
            func convert(_ quantity: Int, to product: String = "CNC", side: String = "BUY") async throws -> Answer {
                try await running.call(
                    "PUT", "/portfolio/positions", session: session,
                    form: "exchange=NSE&tradingsymbol=INFY&transaction_type=\(side)&position_type=day"
                        + "&quantity=\(quantity)&old_product=MIS&new_product=\(product)")
            }
            let done = try await convert(4)
            #expect(try done.json.at("data") == .bool(true))
            let net = try #require(
                try await running.call("GET", "/portfolio/positions", session: session).data.at("net")?.array)
            let quantities = net.map { "\($0.at("product")?.string ?? "") \($0.at("quantity")?.number?.text ?? "")" }
            #expect(Set(quantities) == ["MIS 6", "CNC 4"])
            let prices = Set(net.compactMap { $0.at("average_price")?.number?.text })
            #expect(prices.count == 1)
            for refused in [try await convert(7), try await convert(1, side: "SELL"), try await convert(0)] {
                #expect(refused.status == 400)
                #expect(try refused.errorType == "InputException")
            }
            #expect(try await convert(1, to: "NRML").message?.contains("NRML") == true)
            let missing = try await running.call(
                "PUT", "/portfolio/positions", session: session, form: "exchange=NSE&tradingsymbol=INFY")
            #expect(try missing.message == "Missing or empty field `transaction_type`")
        }
    }
}
