import JSON
import PaperExchange
import Testing
import Trading

@testable import KiteSimulator

@Suite(.timeLimit(.minutes(1))) struct AlertRoutesTests {
    private static let simple: [(String, String)] = [
        ("name", "NIFTY 50"), ("type", "simple"), ("lhs_exchange", "INDICES"), ("lhs_tradingsymbol", "NIFTY 50"),
        ("lhs_attribute", "LastTradedPrice"), ("operator", ">="), ("rhs_type", "constant"), ("rhs_constant", "99000"),
    ]

    /// The fields of a simple alert with some replaced or added.
    private static func fields(_ changes: [String: String]) -> [(String, String)] {
        let known = simple.map { ($0.0, changes[$0.0] ?? $0.1) }
        return known + changes.filter { change in !simple.contains { $0.0 == change.key } }.map { ($0.key, $0.value) }
    }

    private static func basket(_ params: String, symbol: String = "INFY") -> String {
        #"{"name":"alerts-basket","type":"alert","tags":[],"items":[{"type":"insert","tradingsymbol":"\#(symbol)","#
            + #""exchange":"NSE","weight":10000,"params":{\#(params)}}]}"#
    }

    private static let buy =
        #""transaction_type":"BUY","product":"CNC","order_type":"LIMIT","validity":"DAY","validity_ttl":0,"#
        + #""quantity":2,"price":900.5,"trigger_price":0,"disclosed_quantity":0,"last_price":0,"variety":"regular","#
        + #""tags":["mine","too"],"squareoff":0,"stoploss":0,"trailing_stoploss":0,"iceberg_legs":0,"#
        + #""market_protection":0,"gtt":{"target":0,"stoploss":0}"#

    private func create(
        _ running: RunningKite, _ session: String, _ changes: [String: String] = [:]
    ) async throws -> JSONValue {
        let answer = try await running.call(
            "POST", "/alerts", session: session, form: running.body(Self.fields(changes)))
        #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        return try answer.data
    }

    private func uuid(_ alert: JSONValue) throws -> String { try #require(alert.at("uuid")?.string) }

    @Test(.enabled(if: SampleData.isPresent, SampleData.absence))
    func `answers have the samples' keys and kinds`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            func sample(_ name: String) throws -> JSONValue { try #require(try SampleData.json(name).at("data")) }
            let simple = try await create(running, session)
            #expect(simple.shape == (try sample("alerts_create.json").shape))
            let ato = try await create(running, session, ["type": "ato", "basket": Self.basket(Self.buy)])
            #expect(ato.shape == (try sample("alerts_create_ato.json").shape))
            let one = try await running.call("GET", "/alerts/\(try uuid(simple))", session: session)
            #expect(try one.data.shape == (try sample("alerts_get_one.json").shape))
            let changed = try await running.call(
                "PUT", "/alerts/\(try uuid(simple))", session: session,
                form: running.body(Self.fields(["rhs_constant": "1e+05"])))
            #expect(try changed.data.shape == (try sample("alerts_modify.json").shape))
            #expect(try changed.data.at("rhs_constant")?.number?.text == "100000")
            let list = try #require(try await running.call("GET", "/alerts", session: session).data.array)
            let samples = try #require(try sample("alerts_get.json").array)
            #expect(list[1].shape == samples[0].shape)
            // A list without elements has no elements' kinds.
            #expect(list[0].shape.subtracting(samples[1].shape) == ["basket items [] params tags [] string"])
            #expect(list[0].shape.isSuperset(of: samples[1].shape))
            #expect(
                list[0].at("basket", "items")?.array?.first?.at("params", "tags")?.array?.compactMap(\.string)
                    == ["mine", "too"])
            let deleted = try await running.call("DELETE", "/alerts?uuid=\(try uuid(simple))", session: session)
            #expect(try deleted.json == (try SampleData.json("alerts_delete.json")))
        }
    }

    @Test(.enabled(if: SampleData.isPresent, SampleData.absence))
    func `a firing is recorded as in the sample`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let alert = try await create(running, session, ["rhs_constant": "100.50"])
            await running.venue.advance()
            let path = "/alerts/\(try uuid(alert))"
            let history = try await running.call("GET", "\(path)/history", session: session)
            let sample = try #require(try SampleData.json("alerts_history.json").at("data"))
            #expect(try history.data.shape == sample.shape)
            let entry = try #require(try history.data.array?.first)
            #expect(entry.at("condition")?.string == #"LastTradedPrice("INDICES:NIFTY 50") >= 100.5"#)
            let meta = try #require(entry.at("meta")?.array?.first)
            #expect(meta.at("exchange")?.string == "INDICES")
            #expect(meta.at("tradingsymbol")?.string == "NIFTY 50")
            #expect(meta.at("last_trade_time")?.string == "0001-01-01 00:00:00")
            let after = try await running.call("GET", path, session: session).data
            #expect(after.at("status")?.string == "disabled")
            #expect(after.at("alert_count")?.number?.text == "1")
            #expect(after.at("updated_at") == entry.at("created_at"))
        }
    }

    @Test func `two instruments are compared and both are in the record`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let alert = try await create(
                running, session,
                [
                    "rhs_type": "instrument", "rhs_exchange": "NSE", "rhs_tradingsymbol": "INFY",
                    "rhs_attribute": "LastTradedPrice", "operator": ">",
                ])
            #expect(alert.at("rhs_constant")?.number?.text == "0")
            #expect(alert.at("rhs_tradingsymbol")?.string == "INFY")
            await running.venue.advance()
            let history = try await running.call("GET", "/alerts/\(try uuid(alert))/history", session: session).data
            let entry = try #require(history.array?.first)
            #expect(
                entry.at("condition")?.string
                    == #"LastTradedPrice("INDICES:NIFTY 50") > LastTradedPrice("NSE:INFY")"#)
            let meta = try #require(entry.at("meta")?.array)
            #expect(meta.map { $0.at("tradingsymbol")?.string } == ["NIFTY 50", "INFY"])
            #expect(meta[1].at("last_trade_time")?.string?.hasPrefix("0001") == false)
            #expect(try #require(meta[1].at("upper_circuit_limit")?.number?.double) > 0)
        }
    }

    @Test func `an alert sends its orders out and tells what became of them`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let market =
                #""transaction_type":"BUY","product":"CNC","order_type":"MARKET","quantity":2,"tags":["mine"]"#
            // What is made first fires first: nothing is held yet that could be sold.
            let sale = try await create(
                running, session,
                [
                    "type": "ato", "rhs_constant": "1",
                    "basket": Self.basket(Self.buy.replacing("BUY", "SELL")),
                ])
            let alert = try await create(
                running, session, ["type": "ato", "rhs_constant": "1", "basket": Self.basket(market)])
            await running.venue.advance()
            let orders = try #require(try await running.call("GET", "/orders", session: session).data.array)
            #expect(orders.count == 1)
            #expect(orders[0].at("status")?.string == "COMPLETE")
            #expect(orders[0].at("tag")?.string == "mine")
            #expect(orders[0].at("placed_by")?.string == "AB1234")
            func placement(_ alert: JSONValue) async throws -> JSONValue? {
                let path = "/alerts/\(try uuid(alert))/history"
                return try await running.call("GET", path, session: session).data.array?.first?.at("order_meta")?
                    .array?.first
            }
            let bought = try #require(try await placement(alert))
            #expect(bought.at("order_id") == orders[0].at("order_id"))
            #expect(bought.at("status")?.string == "success")
            let sold = try #require(try await placement(sale))
            #expect(sold.at("status")?.string == "failed")
            #expect(sold.at("rejection_reason")?.string?.hasPrefix("Insufficient stock") == true)
        }
    }

    @Test func `alerts are deleted by name only, together or not at all`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            var names: [String] = []
            for _ in 0..<3 { names.append(try uuid(try await create(running, session))) }
            for query in ["", "?uuid=", "?uuid=\(names[0])&uuid=unknown"] {
                let answer = try await running.call("DELETE", "/alerts\(query)", session: session)
                #expect(answer.status == 400)
                #expect(try answer.errorType == "InputException")
            }
            let foreign = try await running.signIn("CD5678")
            #expect(try await running.call("DELETE", "/alerts?uuid=\(names[0])", session: foreign).status == 400)
            #expect(try await running.call("GET", "/alerts", session: session).data.array?.count == 3)
            let both = try await running.call(
                "DELETE", "/alerts?uuid=\(names[0])&uuid=\(names[2])", session: session)
            #expect(try both.data == .null)
            func listed(_ query: String) async throws -> [String] {
                let rows = try await running.call("GET", "/alerts\(query)", session: session).data.array
                return try #require(rows).compactMap { $0.at("uuid")?.string }
            }
            #expect(try await listed("") == [names[1]])
            #expect(try await listed("?status=deleted") == [names[2], names[0]])
            #expect(try await listed("?status=enabled&page=1&page_size=1") == [names[1]])
            #expect(try await listed("?status=disabled").isEmpty)
            let gone = try await running.call("GET", "/alerts/\(names[0])", session: session)
            #expect(try gone.data.at("status")?.string == "deleted")
        }
    }

    @Test func `the list comes in pages, newest first`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            var names: [String] = []
            for _ in 0..<5 { names.append(try uuid(try await create(running, session))) }
            names.reverse()
            let cases: [(String, ArraySlice<String>)] = [
                ("", names[...]), ("?page_size=2", names[..<2]), ("?page=3&page_size=2", names[4...]),
                ("?page=4&page_size=2", []), ("?page=2", []), ("?page=9223372036854775807&page_size=9", []),
            ]
            for (query, expected) in cases {
                let rows = try await running.call("GET", "/alerts\(query)", session: session).data.array ?? []
                #expect(rows.compactMap { $0.at("uuid")?.string } == Array(expected), "\(query)")
            }
            for query in ["?page=0", "?page_size=x", "?status=on"] {
                #expect(try await running.call("GET", "/alerts\(query)", session: session).status == 400)
            }
        }
    }

    @Test func `names are random UUIDs that chance alone decides`() async throws {
        func draw() async throws -> [String] {
            try await withKite { running in
                let session = try await running.signIn()
                return [
                    try uuid(try await create(running, session)), try uuid(try await create(running, session)),
                ]
            }
        }
        let names = try await draw()
        #expect(names[0] != names[1])
        #expect(names[0].wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        #expect(try await draw() == names)
    }

    @Test func `a bad form is refused with the part that is wrong`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            func ato(_ params: String, symbol: String = "INFY") -> [String: String] {
                ["type": "ato", "basket": Self.basket(params, symbol: symbol)]
            }
            let cases: [([String: String], String)] = [
                (["name": ""], "Missing or empty field `name`"), (["type": "both"], "Invalid `type`."),
                (["lhs_exchange": "BFO"], "Invalid `lhs_exchange`."),
                (["lhs_attribute": "Volume"], "Invalid `lhs_attribute`."), (["operator": "=<"], "Invalid `operator`."),
                (["rhs_type": "index"], "Invalid `rhs_type`."),
                (["rhs_constant": ""], "Missing or empty field `rhs_constant`"),
                (["rhs_constant": "x"], "Invalid `rhs_constant`."),
                (["rhs_constant": "0"], AlertRefusal.constantNotPositive.description),
                (["rhs_type": "instrument"], "Missing or empty field `rhs_exchange`"),
                (["lhs_tradingsymbol": "NIFTY"], AlertRefusal.unknownSubject(.index("NIFTY")).description),
                (["type": "ato"], "Missing or empty field `basket`"),
                (["type": "ato", "basket": "x"], "Invalid `basket`: unexpected character at byte 0."),
                (["type": "ato", "basket": "{}"], "Missing or empty field `basket.items`"),
                (["type": "ato", "basket": #"{"items":[]}"#], AlertRefusal.basketEmpty.description),
                (ato(Self.buy.replacing("regular", "bo")), "Invalid `basket.items[0].params.variety`."),
                (
                    ato(Self.buy.replacing("regular", "iceberg")),
                    "Invalid `basket.items[0]`: \(VenueRefusal.icebergLegsOutOfRange.description)"
                ),
                (ato(""), "Missing or empty field `basket.items[0].params.order_type`"),
                (
                    ato(Self.buy + #","gtt2":0"#, symbol: "NOTHING"),
                    "Invalid `basket.items[0]`: The instrument NSE:NOTHING does not exist or has expired. "
                        + "Check the instrument list."
                ),
                (
                    ato(
                        #""transaction_type":"BUY","product":"CNC","order_type":"LIMIT","quantity":2,"price":900.5,"#
                            + #""gtt":{"target":5,"stoploss":0}"#),
                    "Invalid `basket.items[0].params.gtt.target`: this is not offered here."
                ),
            ]
            for (changes, message) in cases {
                let answer = try await running.call(
                    "POST", "/alerts", session: session, form: running.body(Self.fields(changes)))
                #expect(answer.status == 400)
                #expect(try answer.errorType == "InputException")
                #expect(try answer.message == message)
            }
            #expect(try await running.call("GET", "/alerts", session: session).data == .array([]))
            for path in ["/alerts/unknown", "/alerts/unknown/history"] {
                #expect(try await running.call("GET", path, session: session).status == 400)
                #expect(try await running.call("GET", path).status == 403)
            }
        }
    }
}

extension String {
    fileprivate func replacing(_ old: String, _ new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
