import HTTPTypes
import JSON
import PaperExchange
import Testing
import Trading
import WebSocket

@testable import KiteSimulator

@Suite(.timeLimit(.minutes(1))) struct GTTRoutesTests {
    /// A form as the Python client writes it: spaces behind commas and colons, prices always with a point.
    private func form(
        _ running: RunningKite, type: String = "single", values: [Price], side: String = "BUY", extra: String = "",
        order: String = "LIMIT", price: Price? = nil, last: Price? = nil
    ) async throws -> String {
        func float(_ price: Price) -> String { String(price.double) }
        let known = try await running.lastPrice
        let orders = values.map {
            #"{"exchange": "NSE", "tradingsymbol": "INFY", "transaction_type": "\#(side)", "quantity": 3, "#
                + #""order_type": "\#(order)", "product": "CNC", "price": \#(float(price ?? $0))\#(extra)}"#
        }
        return running.body([
            (
                "condition",
                #"{"exchange": "NSE", "tradingsymbol": "INFY", "trigger_values": [\#(values.map(float).joined(separator: ", "))], "#
                    + #""last_price": \#(float(last ?? known))}"#
            ), ("orders", "[\(orders.joined(separator: ", "))]"), ("type", type),
        ])
    }

    private func place(_ running: RunningKite, _ session: String, _ form: String) async throws -> Int64 {
        let answer = try await running.call("POST", "/gtt/triggers", session: session, form: form)
        #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        #expect(try answer.data.names == ["trigger_id"])
        return try #require(try answer.data.at("trigger_id")?.number?.int64)
    }

    private func row(_ running: RunningKite, _ session: String, _ id: Int64) async throws -> JSONValue {
        try await running.call("GET", "/gtt/triggers/\(id)", session: session).data
    }

    @Test func `a trigger is placed, listed, read, changed and deleted`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let value = try await running.price(moved: -100)
            let id = try await place(running, session, try await form(running, values: [value]))
            let made = try await row(running, session, id)
            #expect(made.at("user_id")?.string == "AB1234")
            #expect(made.at("status")?.string == "active")
            #expect(made.at("type")?.string == "single")
            #expect(made.at("condition", "trigger_values")?.array?.compactMap(\.number?.text) == [value.description])
            #expect(made.at("condition", "instrument_token")?.number?.text == "\(try running.shareToken)")
            #expect(made.at("expires_at")?.string?.utf8.count == 19)
            let list = try await running.call("GET", "/gtt/triggers", session: session)
            #expect(try list.data == .array([made]))
            running.clock.advance(by: .seconds(60))
            let values = [try await running.price(moved: -100), try await running.price(moved: 100)]
            let changed = try await running.call(
                "PUT", "/gtt/triggers/\(id)", session: session,
                form: try await form(running, type: "two-leg", values: values, side: "SELL"))
            #expect(try changed.data.at("trigger_id")?.number?.int64 == id)
            let after = try await row(running, session, id)
            #expect(after.at("type")?.string == "two-leg" && after.at("orders")?.array?.count == 2)
            #expect(after.at("created_at") == made.at("created_at"))
            #expect(after.at("updated_at") != made.at("updated_at"))
            let deleted = try await running.call("DELETE", "/gtt/triggers/\(id)", session: session)
            #expect(try deleted.data.at("trigger_id")?.number?.int64 == id)
            #expect(try await row(running, session, id).at("status")?.string == "deleted")
            let again = try await running.call("DELETE", "/gtt/triggers/\(id)", session: session)
            #expect(again.status == 400)
            #expect(try again.errorType == "InputException")
            let other = try await running.signIn("CD5678")
            for path in ["/gtt/triggers/\(id)", "/gtt/triggers/x", "/gtt/triggers/-9223372036854775808"] {
                let foreign = try await running.call("GET", path, session: other)
                #expect(foreign.status == 400)
                #expect(try foreign.message == "Couldn't find that `trigger_id`.")
            }
            #expect(try await running.call("GET", "/gtt/triggers", session: other).data == .array([]))
            #expect(try await running.call("GET", "/gtt/triggers").status == 403)
        }
    }

    @Test func `a trigger fires, its order is news on the ticker and its row tells how`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let connection = try await running.ticker(session)
            let value = try await running.price(moved: 100)
            let id = try await place(
                running, session, try await form(running, values: [value], price: value + Price(rupees: 5)))
            // The request that brings the price is not the one that placed the order.
            let trace = RequestTrace(method: .post, path: "/orders/regular", authorization: "token other:x")
            try await RequestTrace.$current.withValue(trace) { try await running.trade(at: value) }
            // The price has come, the book behind it is empty: the order waits for the market's next offers.
            let resting = try #require(try await running.call("GET", "/orders", session: session).data.array?.first)
            #expect(resting.at("status")?.string == "OPEN")
            let orderID = try #require(resting.at("order_id")?.string)
            let entry = try #require(running.kite.ledger.entries().first { $0.effect.order.id == orderID })
            #expect(entry.request == nil && entry.effect.kind == .placement)
            #expect(running.kite.ledger.app(ofOrder: orderID) == RunningKite.apiKey)
            while await running.venue.orders(of: "AB1234").first?.status == .open { await running.venue.advance() }
            var news: JSONValue?
            for await message in connection.inbound {
                guard case .text(let text) = message else { continue }
                news = try JSONValue(parsing: text)
                if news?.at("data", "status")?.string == "COMPLETE" { break }
            }
            #expect(news?.at("data", "order_id")?.string == orderID)
            await connection.close()
            let gtt = try await row(running, session, id)
            #expect(gtt.at("status")?.string == "triggered")
            let result = try #require(gtt.at("orders")?.array?.first?.at("result"))
            #expect(result.at("order_result", "status")?.string == "success")
            #expect(result.at("order_result", "order_id")?.string == orderID)
            #expect(result.at("order_result", "rejection_reason")?.string == "")
            #expect(result.at("triggered_at")?.number?.text == value.description)
            #expect(result.at("meta")?.string == #"{"app_id":1,"gtt":\#(id)}"#)
            #expect(result.at("account_id")?.string == "AB1234")
        }
    }

    @Test(.enabled(if: SampleData.isPresent, SampleData.absence))
    func `rows have the samples' keys and kinds, waiting and fired`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let single = try await place(
                running, session, try await form(running, values: [try await running.price(moved: -300)]))
            let values = [try await running.price(moved: -100), try await running.price(moved: 100)]
            let twoLeg = try await place(
                running, session,
                try await form(running, type: "two-leg", values: values, side: "SELL", price: Price(rupees: 1)))
            let samples = try #require(try SampleData.json("gtt_get_orders.json").at("data")?.array)
            #expect(try await row(running, session, single).shape == samples[0].shape)
            try await running.trade(at: values[1])
            let fired = try await row(running, session, twoLeg)
            #expect(fired.shape == samples[1].shape)
            #expect(fired.shape == (try SampleData.json("gtt_get_order.json").at("data")?.shape))
            let legs = try #require(fired.at("orders")?.array)
            #expect(legs[0].at("result") == .null)
            // Nothing is held that could be sold: no order came of it.
            #expect(legs[1].at("result", "order_result", "status")?.string == "failed")
            #expect(legs[1].at("result", "order_result", "order_id")?.string == "")
            #expect(
                legs[1].at("result", "order_result", "rejection_reason")?.string?.hasPrefix("Insufficient stock")
                    == true)
            #expect(try await running.call("GET", "/orders", session: session).data == .array([]))
        }
    }

    @Test func `what other clients write is read too`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let value = try await running.price(moved: -100)
            // Keys that mean nothing, zero times and whole numbers with a point, as the Go client writes them.
            let dumped = #", "account_id": "", "order_timestamp": "0001-01-01T00:00:00Z", "meta": null, "tags": null"#
            _ = try await place(running, session, try await form(running, values: [value], extra: dumped))
            // A protection of zero with a limit order, as the Java client writes it.
            let harmless = try await place(
                running, session, try await form(running, values: [value], extra: #", "market_protection": 0"#))
            let plain = try await row(running, session, harmless).at("orders")?.array?.first
            #expect(plain?.at("market_protection") == nil)
            let market = try await place(
                running, session,
                try await form(running, values: [value], extra: #", "market_protection": 2.5"#, order: "MARKET"))
            let order = try #require(try await row(running, session, market).at("orders")?.array?.first)
            #expect(order.at("market_protection")?.number?.text == "2.5")
            #expect(order.at("price")?.number?.text == "0")
            let id = try await running.call(
                "PUT", "/gtt/triggers/\(market)", session: session, form: try await form(running, values: [value]))
            #expect(id.status == 200)
        }
    }

    @Test func `a bad form is refused with the part that is wrong`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let last = try await running.lastPrice
            let condition =
                #"{"exchange":"NSE","tradingsymbol":"INFY","trigger_values":[1],"last_price":\#(last)}"#
            let order =
                #"{"exchange":"NSE","tradingsymbol":"INFY","transaction_type":"BUY","quantity":1,"order_type":"LIMIT","#
                + #""product":"CNC","price":1}"#
            func changed(_ text: String, _ old: String, _ new: String) -> String {
                text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
            }
            let cases: [(type: String, condition: String, orders: String, message: String)] = [
                ("", condition, "[\(order)]", "Missing or empty field `type`"),
                ("oco", condition, "[\(order)]", "Invalid `type`."),
                ("single", "", "[\(order)]", "Missing or empty field `condition`"),
                ("single", "{", "[\(order)]", "Invalid `condition`: the JSON text ends too early."),
                ("single", "[]", "[\(order)]", "Invalid `condition`."),
                (
                    "single", changed(condition, #""exchange":"NSE","#, ""), "[\(order)]",
                    "Missing or empty field `condition.exchange`"
                ),
                ("single", changed(condition, "NSE", "LSE"), "[\(order)]", "Invalid `condition.exchange`."),
                ("single", changed(condition, "[1]", "1"), "[\(order)]", "Invalid `condition.trigger_values`."),
                (
                    "single", changed(condition, "[1]", "[1,2]"), "[\(order)]",
                    "Invalid `condition.trigger_values`: 1 needed, 2 given."
                ),
                (
                    "single", changed(condition, "[1]", #"["1"]"#), "[\(order)]",
                    "Invalid `condition.trigger_values[0]`."
                ),
                (
                    "single", changed(condition, "[1]", "[-1]"), "[\(order)]",
                    "Invalid `condition.trigger_values[0]`."
                ),
                (
                    "single", changed(condition, "\(last)}", "0}"), "[\(order)]", "Invalid `condition.last_price`."
                ),
                ("single", condition, "", "Missing or empty field `orders`"),
                ("single", condition, order, "Invalid `orders`."),
                ("single", condition, "[]", "Invalid `orders`: 1 needed, 0 given."),
                ("single", condition, "[1]", "Invalid `orders[0]`."),
                (
                    "two-leg", changed(condition, "[1]", "[1,9000]"),
                    "[\(order),\(changed(order, "LIMIT", "LIMITED"))]", "Invalid `orders[1].order_type`."
                ),
                (
                    "single", condition, "[\(changed(order, #""quantity":1"#, #""quantity":1.5"#))]",
                    "Invalid `orders[0].quantity`."
                ),
                (
                    "single", condition, "[\(changed(order, #","price":1"#, ""))]",
                    "Missing or empty field `orders[0].price`"
                ),
                (
                    "single", condition, "[\(changed(order, "LIMIT", "MARKET"))]",
                    "Invalid `orders[0]`: \(VenueRefusal.protectionMissing.description)"
                ),
                (
                    "single", condition,
                    "[\(changed(order, #""LIMIT""#, #""MARKET","market_protection":101"#))]",
                    "Invalid `orders[0].market_protection`."
                ),
                (
                    "single", changed(condition, "[1]", "[\(last)]"), "[\(order)]",
                    "Trigger price was too close to the last price. (difference should be more than 0.25%)"
                ),
            ]
            for (type, condition, orders, message) in cases {
                let form = running.body([("type", type), ("condition", condition), ("orders", orders)])
                let answer = try await running.call("POST", "/gtt/triggers", session: session, form: form)
                #expect(answer.status == 400)
                #expect(try answer.errorType == "InputException")
                #expect(try answer.message == message)
            }
            #expect(try await running.call("GET", "/gtt/triggers", session: session).data == .array([]))
        }
    }

    @Test func `an order that a trigger sends out counts on the day but a trigger itself does not`() async throws {
        var limits = RateLimits.none
        limits.ordersPerDay = 2
        try await withKite(limits: limits) { running in
            let session = try await running.signIn()
            let value = try await running.price(moved: 100)
            var ids: [Int64] = []
            for _ in 0..<3 {
                ids.append(try await place(running, session, try await form(running, values: [value])))
            }
            try await running.trade(at: value)
            var outcomes: [String] = []
            for id in ids {
                let order = try await row(running, session, id).at("orders")?.array?.first
                outcomes.append(order?.at("result", "order_result", "rejection_reason")?.string ?? "none")
            }
            #expect(outcomes == ["", "", "Maximum allowed order requests exceeded."])
            #expect(try await running.call("GET", "/orders", session: session).data.array?.count == 2)
            let placed = try await running.call(
                "POST", "/orders/regular", session: session, form: try running.form())
            #expect(placed.status == 429)
        }
    }
}
