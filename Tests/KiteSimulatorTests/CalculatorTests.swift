import JSON
import PaperExchange
import Testing
import Trading

@testable import KiteSimulator

@Suite(.timeLimit(.minutes(2))) struct CalculatorTests {
    private static func order(
        _ symbol: String, _ exchange: String = "NSE", side: String = "BUY", product: String = "CNC",
        type: String = "LIMIT", quantity: String = "1", price: String = "1498"
    ) -> String {
        #"{"exchange":"\#(exchange)","tradingsymbol":"\#(symbol)","transaction_type":"\#(side)","variety":"regular","#
            + #""product":"\#(product)","order_type":"\#(type)","quantity":\#(quantity),"price":\#(price),"#
            + #""trigger_price":0}"#
    }

    @Test func `the margin of an order has the sample's shape and the exchange's own figures`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let future = try running.future
            let (symbol, lot) = (future.id.symbol, "\(future.lotSize.units)")
            let body =
                "[" + Self.order("INFY") + ","
                + Self.order(symbol, "NFO", product: "NRML", type: "MARKET", quantity: lot, price: "0") + "]"
            let answer = try await running.call("POST", "/margins/orders", session: session, json: body)
            let rows = try #require(try answer.data.array)
            #expect(rows[0].at("var")?.number?.text == "1498")
            #expect(rows[0].at("total")?.number?.text == "1498")
            #expect(rows[0].at("leverage")?.number?.text == "1")
            // What the calculator says is what the order then ties up.
            let asked = try #require(rows[1].at("total")?.number?.double)
            _ = try await running.call("POST", "/orders/regular", session: session, form: try running.form())
            let margins = try await running.call("GET", "/user/margins/equity", session: session).data
            let span = try #require(margins.at("utilised", "span")?.number?.double)
            let exposure = try #require(margins.at("utilised", "exposure")?.number?.double)
            #expect(abs(asked - span - exposure) < asked * 0.001)
            let compact = try await running.call(
                "POST", "/margins/orders?mode=compact", session: session, json: body)
            #expect(try compact.data.array?[0].names == ["type", "tradingsymbol", "exchange", "total"])
            guard SampleData.isPresent else { return }
            let sample = try SampleData.json("order_margins.json")
            #expect(Shape.differences(try answer.data, try #require(sample.at("data"))) == [])
        }
    }

    @Test func `a basket needs less together where its orders oppose each other, positions counted when asked`()
        async throws
    {
        try await withKite { running in
            let session = try await running.signIn()
            let future = try running.future
            func leg(_ side: String) -> String {
                Self.order(
                    future.id.symbol, "NFO", side: side, product: "NRML", quantity: "\(future.lotSize.units)",
                    price: "24500")
            }
            let body = "[\(leg("BUY")),\(leg("SELL"))]"
            let answer = try await running.call("POST", "/margins/basket", session: session, json: body)
            let data = try answer.data
            let initial = try #require(data.at("initial", "total")?.number?.double)
            let final = try #require(data.at("final", "total")?.number?.double)
            #expect(initial == final * 2)
            #expect(data.at("initial", "leverage")?.number?.text == "0")
            #expect(data.at("initial", "charges", "total")?.number?.text == "0")
            _ = try await running.call("POST", "/orders/regular", session: session, form: try running.form())
            func exit(_ query: String) async throws -> String? {
                let answer = try await running.call(
                    "POST", "/margins/basket?\(query)", session: session, json: "[\(leg("SELL"))]")
                return try answer.data.at("final", "total")?.number?.text
            }
            #expect(try await exit("consider_positions=True") == "0")
            #expect(try await exit("consider_positions=true&mode=compact") == "0")
            #expect(try await exit("consider_positions=FALSE") != "0")
            let compact = try await running.call("POST", "/margins/basket?mode=compact", session: session, json: body)
            guard SampleData.isPresent else { return }
            let sample = try SampleData.json("basket_margins.json")
            #expect(Shape.differences(data, try #require(sample.at("data"))) == [])
            let short = try SampleData.json("client-fixtures/dotnetkiteconnect/basket_margins_compact.json")
            #expect(Shape.differences(try compact.data, try #require(short.at("data"))) == [])
        }
    }

    @Test func `a contract note tells charges to the paisa`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let listing = running.venue.listing
            let option = try #require(
                (0..<listing.count).lazy.map(listing.instrument(at:)).first {
                    $0.segment == .options && $0.underlying == "NIFTY"
                })
            func row(_ side: String, _ price: String) -> String {
                #"{"order_id":"x","exchange":"NFO","tradingsymbol":"\#(option.id.symbol)","transaction_type":"\#(side)","#
                    + #""variety":"regular","product":"NRML","order_type":"MARKET","quantity":65,"#
                    + #""average_price":\#(price)}"#
            }
            let answer = try await running.call(
                "POST", "/charges/orders", session: session, json: "[\(row("BUY", "100")),\(row("SELL", "110.0"))]")
            let rows = try #require(try answer.data.array)
            let total = rows.compactMap { $0.at("charges", "total")?.number?.double }.reduce(0, +)
            #expect(abs(total - 63.858_924_1) < 1e-9)
            #expect(rows[1].at("price")?.number?.text == "110")
            #expect(rows[1].at("charges", "transaction_tax")?.number?.text == "10.725")
            #expect(rows[0].at("order_id") == nil)
            let zero = try await running.call("POST", "/charges/orders", session: session, json: "[\(row("BUY", "0"))]")
            #expect(try zero.message == "Missing or empty field `[0].average_price`")
            guard SampleData.isPresent else { return }
            let sample = try SampleData.json("virtual_contract_note.json")
            #expect(Shape.differences(try answer.data, try #require(sample.at("data"))) == [])
        }
    }

    @Test func `bodies that are no list of orders are refused with the part named`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let good = Self.order("INFY")
            let cases: [(String, String)] = [
                ("", "Invalid JSON"), ("[", "Invalid JSON"), ("{}", "an array of orders is expected, not object"),
                ("null", "not null"), ("[1]", "`[0]`"), ("[\(good),{}]", "`[1].exchange`"),
                ("[\(Self.order("NOTHING"))]", "`[0].tradingsymbol`"),
                ("[\(Self.order("NIFTY 50"))]", "`[0].tradingsymbol`"),
                ("[\(Self.order("INFY", "LSE"))]", "`[0].exchange`"),
                ("[\(good),\(Self.order("INFY", quantity: "\"1\""))]", "`[1].quantity`"),
                ("[\(Self.order("INFY", quantity: "-1"))]", "`[0].quantity`"),
                ("[\(Self.order("INFY", quantity: "9223372036854775807"))]", "`[0].quantity`"),
                ("[\(Self.order("INFY", price: "\"x\""))]", "`[0].price`"),
                ("[\(Self.order("INFY", price: "1e300"))]", "`[0].price`"),
                ("[\(Self.order("INFY", price: "0"))]", "`[0].price`"),
                ("[\(Self.order("INFY", product: "ABC"))]", "`[0].product`"),
                (String(repeating: "[", count: 100_000), "Invalid JSON"),
            ]
            for (body, part) in cases {
                for path in ["/margins/orders", "/margins/basket"] {
                    let answer = try await running.call("POST", path, session: session, json: body)
                    #expect(answer.status == 400)
                    #expect(try answer.errorType == "InputException")
                    #expect(try answer.message?.contains(part) == true, "\(body.prefix(80))")
                }
            }
            let empty = try await running.call("POST", "/margins/orders", session: session, json: "[]")
            #expect(try empty.data == .array([]))
        }
    }
}
