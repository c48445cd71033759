import JSON
import Testing
import Trading

@testable import KiteSimulator

@Suite(.timeLimit(.minutes(2))) struct FundTests {
    static let isin = "INF001S01D17"
    /// What may be unknown in a row, here or in the sample.
    static let nullable: Set<String> = [
        "folio", "exchange_order_id", "settlement_id", "exchange_timestamp", "tag", "purchase_type", "sip_reg_num",
        "step_up",
    ]

    @Test func `an order is open for the day, allotted the next and held from then on`() async throws {
        try await withKite { running in
            var session = try await running.signIn()
            for path in ["/mf/orders", "/mf/sips", "/mf/holdings", "/mf/allotments"] {
                #expect(try await running.call("GET", path, session: session).data == .array([]))
            }
            let placed = try await running.call(
                "POST", "/mf/orders", session: session,
                form: "tradingsymbol=\(Self.isin)&transaction_type=BUY&amount=5000&tag=t")
            let id = try placed.orderID
            #expect(id.utf8.count == 36)
            let open = try await running.call("GET", "/mf/orders/\(id)", session: session).data
            #expect(open.at("status")?.string == "OPEN")
            #expect(open.at("exchange_timestamp") == .null && open.at("folio") == .null)
            #expect(open.at("purchase_type")?.string == "FRESH")
            running.clock.advance(by: .seconds(86_400))
            session = try await running.signIn()
            let row = try #require(
                try await running.call("GET", "/mf/orders", session: session).data.array?.first)
            #expect(row.at("status")?.string == "COMPLETE")
            #expect(row.at("exchange_timestamp")?.string == "\(RunningKite.tradingDate)")
            let holding = try #require(
                try await running.call("GET", "/mf/holdings", session: session).data.array?.first)
            let units = try #require(holding.at("quantity")?.number?.double)
            let price = try #require(holding.at("average_price")?.number?.double)
            #expect(abs(units * price - 5_000) < price * 0.001)
            let trades = try await running.call("GET", "/mf/holdings/\(Self.isin)", session: session)
            #expect(try trades.data.array?.first?.at("folio") == holding.at("folio"))
            let allotted = try await running.call("GET", "/mf/allotments", session: session)
            #expect(try allotted.data == .array([.string(Self.isin)]))
            let late = try await running.call("DELETE", "/mf/orders/\(id)", session: session)
            #expect(late.status == 400)
            guard SampleData.isPresent else { return }
            let orders = try #require(try SampleData.json("mf_orders.json").at("data")?.array?.first)
            let holdings = try #require(try SampleData.json("mf_holdings.json").at("data")?.array?.first)
            #expect(Shape.differences(row, orders, allowingNull: Self.nullable) == [])
            #expect(Shape.differences(open, row, allowingNull: Self.nullable) == [])
            #expect(Shape.differences(holding, holdings) == [])
        }
    }

    @Test func `an open order is cancelled and a sale needs the units`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let form = "tradingsymbol=\(Self.isin)&transaction_type="
            let id = try await running.call(
                "POST", "/mf/orders", session: session, form: form + "BUY&amount=1000"
            ).orderID
            #expect(try await running.call("DELETE", "/mf/orders/\(id)", session: session).orderID == id)
            let row = try await running.call("GET", "/mf/orders/\(id)", session: session).data
            #expect(row.at("status")?.string == "CANCELLED")
            let cases = [
                (form + "SELL&quantity=1", "Invalid `quantity`."), (form + "BUY&amount=1", "Invalid `amount`."),
                (form + "BUY&amount=1e30", "Invalid `amount`."), (form + "BUY", "Missing or empty field `amount`"),
                ("tradingsymbol=X&transaction_type=BUY", "Invalid `tradingsymbol`."),
            ]
            for (form, message) in cases {
                let answer = try await running.call("POST", "/mf/orders", session: session, form: form)
                #expect(try answer.message == message)
            }
            #expect(try await running.call("GET", "/mf/orders/x", session: session).errorType == "InputException")
            #expect(try await running.call("PUT", "/mf/orders/x", session: session).status == 405)
        }
    }

    @Test func `a plan is started, changed, run when due, and ended`() async throws {
        try await withKite { running in
            var session = try await running.signIn()
            let placed = try await running.call(
                "POST", "/mf/sips", session: session,
                form:
                    "tradingsymbol=\(Self.isin)&amount=1000&instalments=3&frequency=weekly&step_up=%7B%2215-02%22%3A10%7D"
            )
            let id = try #require(try placed.data.at("sip_id")?.string)
            #expect(id.utf8.count == 15)
            let plan = try await running.call("GET", "/mf/sips/\(id)", session: session).data
            #expect(plan.at("next_instalment")?.string == "\(RunningKite.tradingDate.adding(days: 7))")
            #expect(plan.at("instalment_day")?.number?.text == "0")
            #expect(plan.at("step_up", "15-02")?.number?.text == "10")
            running.clock.advance(by: .seconds(86_400 * 8))
            session = try await running.signIn()
            let later = try await running.call("GET", "/mf/sips/\(id)", session: session).data
            #expect(later.at("completed_instalments")?.number?.text == "1")
            #expect(later.at("pending_instalments")?.number?.text == "2")
            let orders = try await running.call("GET", "/mf/orders", session: session).data.array
            #expect(orders?.first?.at("variety")?.string == "sip")
            let changed = try await running.call(
                "PUT", "/mf/sips/\(id)", session: session,
                form: "frequency=monthly&instalment_day=5&status=paused&instalments=-1")
            #expect(try changed.data.at("sip_id")?.string == id)
            let monthly = try await running.call("GET", "/mf/sips", session: session).data.array?.first
            #expect(monthly?.at("status")?.string == "PAUSED")
            #expect(monthly?.at("next_instalment")?.string?.hasSuffix("-05") == true)
            #expect(monthly?.at("pending_instalments")?.number?.text == "-1")
            #expect(
                try await running.call("DELETE", "/mf/sips/\(id)", session: session).data.at("sip_id")?.string == id)
            #expect(try await running.call("DELETE", "/mf/sips/\(id)", session: session).status == 400)
            #expect(
                try await running.call("GET", "/mf/sips/9", session: session).message == "Couldn't find that `sip_id`.")
            guard SampleData.isPresent else { return }
            let sample = try #require(try SampleData.json("mf_sip_info.json").at("data"))
            #expect(Shape.differences(plan, sample, allowingNull: Self.nullable.union(["step_up"])) == [])
        }
    }

    @Test func `the list of schemes is bare CSV with Kite's header and no empty number`() async throws {
        try await withKite { running in
            let answer = try await running.call("GET", "/mf/instruments")
            #expect(answer.contentType == "text/csv")
            let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\r\n")
            #expect(lines.count > 8)
            for line in lines.dropFirst() {
                let fields = line.split(separator: ",", omittingEmptySubsequences: false)
                #expect(fields.count == 16)
                #expect(fields[0].utf8.count == 12)
                for place in [3, 4, 5, 6, 7, 8, 9, 14] { #expect(Double(fields[place]) != nil) }
                #expect(CalendarDate(fields[15]) != nil)
            }
            guard SampleData.isPresent else { return }
            let sample = String(decoding: try SampleData.bytes("mf_instruments.csv"), as: UTF8.self)
            #expect(sample.hasPrefix(String(lines[0])))
        }
    }
}
