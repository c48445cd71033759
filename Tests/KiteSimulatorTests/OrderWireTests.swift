import JSON
import PaperExchange
import Testing
import Trading

@testable import KiteSimulator

/// What the order addresses do with the habits of official clients, and what they refuse.
@Suite struct OrderWireTests {
    @Test func `the first row of a history has instrument token 1, the others the instrument's`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let id = try await running.call("POST", "/orders/regular", session: session, form: try running.form())
                .orderID
            let history = try await running.call("GET", "/orders/\(id)", session: session)
            let tokens = try history.data.array?.compactMap { $0.at("instrument_token")?.number?.text } ?? []
            let token = try running.future.token.rawValue
            #expect(tokens.first == "1" && tokens.count > 3)
            #expect(tokens.dropFirst().allSatisfy { $0 == String(token) })
            let book = try await running.call("GET", "/orders", session: session)
            #expect(try book.data.array?.first?.at("instrument_token")?.number?.text == String(token))
        }
    }

    // Java sends zeros with every order, .NET a protection with every order, Python and JS repeat the path's fields.
    @Test(arguments: [
        "&market_protection=0.0&autoslice=false",
        "&market_protection=0&validity=DAY&validity_ttl=0&disclosed_quantity=0",
        "&market_protection=-1&variety=amo&order_id=99", "&trigger_price=0&squareoff=0&stoploss=0&trailing_stoploss=0",
        "&iceberg_legs=0&iceberg_quantity=0&auction_number=&parent_order_id=&tag=", "&autoslice=False&algo_id=",
        "&market_protection=nonsense",
    ])
    func `what clients send along is harmless to a limit order`(extra: String) async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let price = try await running.restingPrice()
            let form = try running.form(type: "LIMIT", extra: "&price=\(price)" + extra)
            let id = try await running.call("POST", "/orders/regular", session: session, form: form).orderID
            let row = try await running.call("GET", "/orders", session: session).data.array?.first
            #expect(row?.at("order_id")?.string == id && row?.at("status")?.string == "OPEN")
            #expect(row?.at("variety")?.string == "regular" && row?.at("validity")?.string == "DAY")
            #expect(row?.at("parent_order_id") == .null && row?.at("tags") == nil)
            let changed = try await running.call(
                "PUT", "/orders/regular/\(id)", session: session,
                form: "variety=co&order_id=1&parent_order_id=&quantity=65&order_type=LIMIT&market_protection=0&price="
                    + price.description)
            #expect(try changed.orderID == id)
        }
    }

    @Test func `the twenty-sixth modification is refused with a network error`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let (price, tick) = (try await running.restingPrice(), try running.future.tickSize)
            let form = try running.form(type: "LIMIT", extra: "&price=\(price)")
            let id = try await running.call("POST", "/orders/regular", session: session, form: form).orderID
            for step in 1...25 {
                let answer = try await running.call(
                    "PUT", "/orders/regular/\(id)", session: session, form: "price=\(price - tick * Int64(step))")
                #expect(answer.status == 200)
            }
            let refused = try await running.call(
                "PUT", "/orders/regular/\(id)", session: session, form: "price=\(price)")
            #expect(try refused.errorType == "NetworkException")
            #expect(try refused.message == "Maximum allowed order modifications exceeded.")
            #expect(try await running.call("DELETE", "/orders/regular/\(id)", session: session).status == 200)
        }
    }

    @Test func `a limit order becomes a market order only with protection`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let form = try running.form(type: "LIMIT", extra: "&price=\(try await running.restingPrice())")
            let id = try await running.call("POST", "/orders/regular", session: session, form: form).orderID
            let bare = try await running.call(
                "PUT", "/orders/regular/\(id)", session: session, form: "order_type=MARKET&market_protection=0")
            #expect(try bare.message == VenueRefusal.protectionMissing.description)
            let protected = try await running.call(
                "PUT", "/orders/regular/\(id)", session: session, form: "order_type=MARKET&market_protection=2.5")
            #expect(protected.status == 200)
            let row = try await running.call("GET", "/orders", session: session).data.array?.first
            #expect(row?.at("status")?.string == "COMPLETE" && row?.at("modified") == .bool(true))
        }
    }

    @Test func `finished and unknown orders are refused in Kite's words`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let id = try await running.call("POST", "/orders/regular", session: session, form: try running.form())
                .orderID
            let cases = [
                ("PUT", id, "OrderException", "Order cannot be modified as it is being processed. Try later."),
                ("DELETE", id, "OrderException", "Order cannot be cancelled as it is being processed. Try later."),
                ("PUT", "1234567890123456789", "InputException", "Couldn't find that `order_id`."),
                ("DELETE", "nonsense", "InputException", "Couldn't find that `order_id`."),
            ]
            for (method, order, type, message) in cases {
                let answer = try await running.call(
                    method, "/orders/regular/\(order)", session: session, form: method == "PUT" ? "quantity=65" : nil)
                #expect(answer.status == 400)
                #expect(try answer.errorType == type)
                #expect(try answer.message == message)
            }
            for path in ["/orders/1", "/orders/1/trades"] {
                #expect(
                    try await running.call("GET", path, session: session).message == "Couldn't find that `order_id`.")
            }
        }
    }

    @Test func `the exchange's first time stays and its last moves on`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let form = try running.form(type: "LIMIT", extra: "&price=\(try await running.restingPrice())")
            let id = try await running.call("POST", "/orders/regular", session: session, form: form).orderID
            running.clock.advance(by: .seconds(90))
            _ = try await running.call("DELETE", "/orders/regular/\(id)", session: session)
            let row = try #require(try await running.call("GET", "/orders", session: session).data.array?.first)
            let date = RunningKite.tradingDate
            #expect(row.at("exchange_timestamp")?.string == "\(date) 10:00:00")
            #expect(row.at("exchange_update_timestamp")?.string == "\(date) 10:01:30")
            #expect(row.at("order_timestamp")?.string == "\(date) 10:01:30")
        }
    }

    @Test func `a rejected order has no pending, filled or cancelled units`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let id = try await running.call(
                "POST", "/orders/regular", session: session, form: try running.form(type: "LIMIT", extra: "&price=10")
            )
            .orderID
            let row = try #require(try await running.call("GET", "/orders", session: session).data.array?.first)
            #expect(row.at("status")?.string == "REJECTED")
            for name in ["filled_quantity", "pending_quantity", "cancelled_quantity"] {
                #expect(row.at(name)?.number?.text == "0")
            }
            #expect(row.at("status_message")?.string?.contains("lower circuit limit") == true)
            #expect(row.at("exchange_update_timestamp") == .null && row.at("exchange_order_id") == .null)
            let history = try await running.call("GET", "/orders/\(id)", session: session)
            #expect(
                try history.data.array?.compactMap { $0.at("status")?.string } == [
                    "PUT ORDER REQ RECEIVED", "VALIDATION PENDING", "REJECTED",
                ])
            #expect(try await running.call("GET", "/orders/\(id)/trades", session: session).data == .array([]))
        }
    }

    @Test func `an order of absurd size is refused and nothing breaks`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            for extra in ["&price=900000000000000", "&price=1e300", "&price=-1"] {
                let form = try running.form(type: "LIMIT", extra: extra)
                #expect(try await running.call("POST", "/orders/regular", session: session, form: form).status == 400)
            }
            let quantities = [Int64.max, Int64.max / 65 * 65, 0, -65]
            for quantity in quantities {
                for variety in ["regular", "iceberg", "amo"] {
                    let form =
                        "exchange=NFO&tradingsymbol=\(try running.future.id.symbol)&transaction_type=BUY"
                        + "&quantity=\(quantity)&product=NRML&order_type=MARKET&market_protection=-1&iceberg_legs=0"
                        + "&autoslice=true"
                    let answer = try await running.call("POST", "/orders/\(variety)", session: session, form: form)
                    #expect(answer.status == 400)
                }
            }
            #expect(try await running.call("GET", "/orders", session: session).data == .array([]))
        }
    }

    @Test func `legs of an iceberg order count one by one towards the day`() async throws {
        try await withKite(limits: RateLimits(ordersPerDay: 7)) { running in
            let session = try await running.signIn()
            let form =
                "exchange=NSE&tradingsymbol=INFY&transaction_type=BUY&quantity=50&product=MIS&order_type=LIMIT&price=1400"
                + "&iceberg_legs=5"
            #expect(try await running.call("POST", "/orders/iceberg", session: session, form: form).status == 200)
            let second = try await running.call("POST", "/orders/iceberg", session: session, form: form)
            #expect(second.status == 429)
            #expect(try second.message == "Maximum allowed order requests exceeded.")
            for status in [200, 200, 429] {
                let answer = try await running.call(
                    "POST", "/orders/regular", session: session, form: try running.form())
                #expect(answer.status == status)
            }
        }
    }

    @Test func `trigger ranges run from the price range's end to the last price`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let quote = try #require(await running.venue.quote(InstrumentToken(408_065)))
            let query = "?i=NSE%3AINFY&i=NSE:NIFTY+50&i=NSE:NOTHING&i=NSE:INFY"
            let buy = try await running.call("GET", "/instruments/trigger_range/buy" + query, session: session)
            #expect(try buy.data.names == ["NSE:INFY"])
            let range = try buy.data.at("NSE:INFY")
            #expect(range?.names == ["instrument_token", "lower", "upper"])
            #expect(range?.at("instrument_token")?.number?.text == "408065")
            #expect(range?.at("lower")?.number?.text == quote.lowerCircuit.description)
            #expect(range?.at("upper")?.number?.text == quote.lastPrice.description)
            let sell = try await running.call("GET", "/instruments/trigger_range/SELL" + query, session: session)
            #expect(try sell.data.at("NSE:INFY", "upper")?.number?.text == quote.upperCircuit.description)
            #expect(
                try await running.call("GET", "/instruments/trigger_range/up" + query, session: session).status == 400)
            #expect(try await running.call("GET", "/instruments/trigger_range/buy", session: session).status == 400)
            #expect(try await running.call("GET", "/instruments/trigger_range/buy" + query).status == 403)
        }
    }
}
