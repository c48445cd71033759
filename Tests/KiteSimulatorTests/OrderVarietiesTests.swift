import JSON
import PaperExchange
import Testing
import Trading

@testable import KiteSimulator

/// Orders of every variety over the wire.
@Suite struct OrderVarietiesTests {
    private func text(_ row: JSONValue?, _ name: String) -> String? { row?.at(name)?.string }

    private func number(_ row: JSONValue?, _ path: String...) -> String? {
        path.reduce(row) { $0?.at($1) }?.number?.text
    }

    private func rows(_ running: RunningKite, _ session: String) async throws -> [JSONValue] {
        try await running.call("GET", "/orders", session: session).data.array ?? []
    }

    private func statuses(_ running: RunningKite, _ session: String, _ id: String) async throws -> [String] {
        let history = try await running.call("GET", "/orders/\(id)", session: session)
        return try history.data.array?.compactMap { $0.at("status")?.string } ?? []
    }

    /// The form of an order for shares of INFY some rupees from the last price.
    private func share(
        _ running: RunningKite, _ side: String = "BUY", quantity: Int, rupees: Int64 = -30, extra: String = ""
    ) async throws -> String {
        let quote = try #require(await running.venue.quote(InstrumentToken(408_065)))
        let price = (quote.lastPrice + Price(rupees: rupees)).roundedDown(toTick: Price(paise: 10))
        return "exchange=NSE&tradingsymbol=INFY&transaction_type=\(side)&quantity=\(quantity)&product=MIS"
            + "&order_type=LIMIT&price=\(price)" + extra
    }

    @Test func `an after-market order waits, is changed, and goes to the book with the next step`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let price = try await running.restingPrice()
            let form = try running.form(type: "LIMIT", extra: "&price=\(price)&variety=amo")
            let id = try await running.call("POST", "/orders/amo", session: session, form: form).orderID
            let row = try await rows(running, session).first
            #expect(text(row, "status") == "AMO REQ RECEIVED" && text(row, "variety") == "amo")
            #expect(row?.at("exchange_order_id") == .null && row?.at("exchange_timestamp") == .null)
            let changed = try await running.call(
                "PUT", "/orders/amo/\(id)", session: session, form: "order_id=\(id)&variety=amo&quantity=130")
            #expect(try changed.orderID == id)
            await running.venue.advance()
            #expect(
                try await statuses(running, session, id) == [
                    "AMO REQ RECEIVED", "MODIFY VALIDATION PENDING", "MODIFY PENDING", "MODIFIED", "AMO REQ RECEIVED",
                    "VALIDATION PENDING", "OPEN PENDING", "OPEN",
                ])
            let other = try await running.call("POST", "/orders/amo", session: session, form: form).orderID
            #expect(try await running.call("DELETE", "/orders/amo/\(other)", session: session).orderID == other)
            #expect(
                try await statuses(running, session, other) == ["AMO REQ RECEIVED", "CANCEL PENDING", "CANCELLED"])
            let sliced = try await running.call(
                "POST", "/orders/amo", session: session, form: form + "&iceberg_legs=5&iceberg_quantity=13")
            #expect(sliced.status == 400)
            #expect(try sliced.errorType == "InputException")
            let covered = form.replacing("product=NRML", with: "product=CO")
            #expect(try await running.call("POST", "/orders/amo", session: session, form: covered).status == 400)
        }
    }

    @Test func `a cover order's second leg closes the position without its parent's number`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let trigger = try await running.restingPrice()
            let form = try running.form(extra: "&market_protection=-1&trigger_price=\(trigger)&tag=cover")
                .replacing("product=NRML", with: "product=MIS")
            let id = try await running.call("POST", "/orders/co", session: session, form: form).orderID
            var legs = try await rows(running, session)
            try #require(legs.count == 2)
            #expect(text(legs[0], "status") == "COMPLETE" && legs[0].at("parent_order_id") == .null)
            #expect(text(legs[1], "status") == "TRIGGER PENDING" && text(legs[1], "order_type") == "SL")
            #expect(text(legs[1], "parent_order_id") == id && text(legs[1], "transaction_type") == "SELL")
            #expect(number(legs[1], "trigger_price") == trigger.description)
            #expect(legs.allSatisfy { text($0, "variety") == "co" && text($0, "product") == "CO" })
            let positions = try await running.call("GET", "/portfolio/positions", session: session)
            #expect(try positions.data.at("net")?.array?.compactMap { $0.at("product")?.string } == ["CO"])
            let second = try #require(text(legs[1], "order_id"))
            let higher = trigger + Price(rupees: 5)
            let changed = try await running.call(
                "PUT", "/orders/co/\(second)", session: session,
                form: "parent_order_id=\(id)&trigger_price=\(higher)&price=\(trigger)")
            #expect(try changed.orderID == second)
            legs = try await rows(running, session)
            #expect(number(legs[1], "trigger_price") == higher.description)
            #expect(number(legs[1], "price") == trigger.description)
            #expect(try await running.call("DELETE", "/orders/co/\(second)", session: session).orderID == second)
            legs = try await rows(running, session)
            #expect(text(legs[1], "status") == "COMPLETE")
            let flat = try await running.call("GET", "/portfolio/positions", session: session)
            #expect(number(try flat.data.at("net")?.array?.first, "quantity") == "0")
            let again = try await running.call(
                "DELETE", "/orders/co/\(second)?parent_order_id=\(id)", session: session)
            #expect(try again.errorType == "OrderException")
            #expect(try again.message == "Order cannot be cancelled as it is being processed. Try later.")
        }
    }

    @Test func `a cover order is left with its parent's number as well`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let trigger = try await running.restingPrice()
            let form = try running.form(extra: "&market_protection=-1&trigger_price=\(trigger)")
                .replacing("product=NRML", with: "product=CO")
            let id = try await running.call("POST", "/orders/co", session: session, form: form).orderID
            let second = try #require(text(try await rows(running, session).last, "order_id"))
            let left = try await running.call(
                "DELETE", "/orders/co/\(second)?parent_order_id=\(id)", session: session)
            #expect(try left.orderID == second)
            let missing = try await running.call(
                "POST", "/orders/co", session: session,
                form: try running.form().replacing("product=NRML", with: "product=MIS"))
            #expect(try missing.message == VenueRefusal.triggerMissing.description)
        }
    }

    @Test func `an iceberg order shows one row per leg`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let form = try await share(
                running, quantity: 1_000, extra: "&iceberg_legs=5&iceberg_quantity=200&validity=TTL&validity_ttl=2")
            let id = try await running.call("POST", "/orders/iceberg", session: session, form: form).orderID
            let row = try #require(try await rows(running, session).first)
            #expect(text(row, "variety") == "iceberg" && number(row, "quantity") == "200")
            #expect(text(row, "validity") == "TTL" && number(row, "validity_ttl") == "2")
            if SampleData.isPresent {
                let sample = try SampleData.json("orders.json").at("data")?.array?.first {
                    text($0, "variety") == "iceberg"
                }
                #expect(row.at("meta") == sample?.at("meta"))
            }
            let ask = try #require(await running.venue.quote(InstrumentToken(408_065))?.asks[4].price)
            let moved = try await running.call(
                "PUT", "/orders/iceberg/\(id)", session: session, form: "price=\(ask)&quantity=200")
            #expect(try moved.orderID == id)
            await running.venue.advance()
            let legs = try await rows(running, session)
            #expect(legs.count > 1)
            #expect(number(legs.last, "meta", "iceberg", "leg") == String(legs.count))
            for extra in [
                "", "&iceberg_legs=1", "&iceberg_legs=51", "&iceberg_legs=x", "&iceberg_legs=3&iceberg_quantity=1",
            ] {
                let refused = try await running.call(
                    "POST", "/orders/iceberg", session: session,
                    form: try await share(running, quantity: 100, extra: extra))
                #expect(refused.status == 400)
                #expect(try refused.errorType == "InputException")
            }
        }
    }

    @Test func `a sale in an auction names its number`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            var holding = Holding(
                instrument: InstrumentID(exchange: .nse, symbol: "INFY"), token: InstrumentToken(408_065))
            holding.quantity = 60
            await running.venue.deposit([holding], for: "AB1234")
            let auction = try #require(await running.venue.auctions(of: "AB1234").first)
            let form = try await share(running, "SELL", quantity: 60, rupees: 30)
                .replacing("product=MIS", with: "product=CNC")
            let id = try await running.call(
                "POST", "/orders/auction", session: session, form: form + "&auction_number=\(auction.number)"
            ).orderID
            _ = try await running.call("DELETE", "/orders/auction/\(id)", session: session)
            let row = try #require(try await rows(running, session).first)
            #expect(text(row, "auction_number") == auction.number && text(row, "variety") == "auction")
            #expect(text(row, "status") == "CANCELLED" && number(row, "pending_quantity") == "60")
            if SampleData.isPresent {
                let sample = try SampleData.json("orders.json").at("data")?.array?.first {
                    text($0, "variety") == "auction"
                }
                #expect(row.names.isSuperset(of: try #require(sample).names))
            }
            for extra in ["", "&auction_number=0"] {
                let refused = try await running.call(
                    "POST", "/orders/auction", session: session, form: form + extra)
                #expect(try refused.errorType == "InputException")
            }
        }
    }

    @Test func `a disclosed quantity is shown for shares and an algo id is taken`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let form = try await share(
                running, quantity: 100, extra: "&disclosed_quantity=10&algo_id=A1&validity_ttl=0")
            let id = try await running.call("POST", "/orders/regular", session: session, form: form).orderID
            _ = try await running.call(
                "PUT", "/orders/regular/\(id)", session: session, form: "disclosed_quantity=20&validity_ttl=30")
            let row = try await rows(running, session).first
            #expect(number(row, "disclosed_quantity") == "20" && number(row, "validity_ttl") == "30")
            #expect(row?.at("auction_number") == nil && row?.at("tags") == nil && row?.at("meta")?.names == [])
            let future = try running.form(extra: "&market_protection=-1&disclosed_quantity=65")
            #expect(try await running.call("POST", "/orders/regular", session: session, form: future).status == 400)
        }
    }

    @Test func `varieties that are not offered are refused wherever they stand`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            for (method, path) in [("POST", "/orders/bo"), ("PUT", "/orders/bo/1"), ("DELETE", "/orders/bo/1")] {
                let answer = try await running.call(
                    method, path, session: session, form: method == "DELETE" ? nil : try running.form())
                #expect(answer.status == 400)
                #expect(try answer.message?.contains("bo are not offered") == true)
            }
        }
    }
}
