import Brokers
import Gateway
import HTTPTypes
import JSON
import Testing

@testable import API

struct OrderPlacementTests {
    private static let path = "/accounts/DW1234/orders"

    /// The sample order with one member replaced or, for nil, left out.
    private static func order(_ name: String, _ value: String?) -> String {
        let members = [
            ("tradingsymbol", "\"NIFTY25NOVFUT\""), ("exchange", "\"NFO\""), ("transaction_type", "\"BUY\""),
            ("quantity", "75"), ("order_type", "\"LIMIT\""), ("product", "\"NRML\""), ("price", "24500.00"),
            ("validity", "\"DAY\""), ("tag", "\"strategy1\""),
        ]
        var kept = members.filter { $0.0 != name }
        if let value { kept.append((name, value)) }
        return "{" + kept.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }

    static let badFields: [(String, String?, String)] = [
        ("tradingsymbol", nil, "missing_field"), ("tradingsymbol", "\"\"", "invalid_field"),
        ("tradingsymbol", "7", "invalid_field"), ("tradingsymbol", "null", "missing_field"),
        ("tradingsymbol", "\"" + String(repeating: "X", count: 51) + "\"", "invalid_field"),
        ("tradingsymbol", "\"NIFTY99NOVFUT\"", "unknown_instrument"),
        ("exchange", nil, "missing_field"), ("exchange", "\"nfo\"", "invalid_field"),
        ("exchange", "\"CDS\"", "invalid_field"), ("exchange", "\"NSE\"", "unknown_instrument"),
        ("transaction_type", nil, "missing_field"), ("transaction_type", "\"HOLD\"", "invalid_field"),
        ("quantity", nil, "missing_field"), ("quantity", "0", "invalid_field"), ("quantity", "-75", "invalid_field"),
        ("quantity", "75.5", "invalid_field"), ("quantity", "\"75\"", "invalid_field"),
        ("quantity", "10001", "invalid_field"), ("quantity", "1e2", "invalid_field"),
        ("quantity", "99999999999999999999", "invalid_field"), ("quantity", "76", "quantity_off_lot"),
        ("quantity", "1875", "quantity_over_freeze"),
        ("order_type", nil, "missing_field"), ("order_type", "\"ICEBERG\"", "invalid_field"),
        ("order_type", "\"SL\"", "missing_field"), ("order_type", "\"MARKET\"", "invalid_field"),
        ("product", nil, "missing_field"), ("product", "\"MTF\"", "invalid_field"),
        ("product", "\"CNC\"", "product_not_allowed"),
        ("price", nil, "missing_field"), ("price", "\"24500\"", "invalid_field"),
        ("price", "24500.00001", "invalid_field"), ("price", "-1", "invalid_field"), ("price", "1e3", "invalid_field"),
        ("price", "900000000000000", "invalid_field"), ("price", "true", "invalid_field"),
        ("price", "0", "price_not_positive"), ("price", "24500.03", "price_off_tick"),
        ("trigger_price", "24400", "invalid_field"), ("validity", "\"GTC\"", "invalid_field"),
        ("tag", "\"" + String(repeating: "t", count: 21) + "\"", "invalid_field"), ("tag", "7", "invalid_field"),
        ("tag", "\"a\\u0000\"", "invalid_field"), ("disclosed_quantity", "75", "disclosed_quantity_out_of_range"),
        ("variety", "\"regular\"", "unknown_field"), ("account_id", "\"ZX9876\"", "unknown_field"),
    ]

    @Test func `a bad field is 400 with a sentence and reaches no broker`() async throws {
        try await House.run { house in
            for (name, value, code) in Self.badFields {
                let reply = try await house.send(.post, Self.path, as: house.ann, Self.order(name, value))
                #expect(reply.status == 400, "\(name) \(value ?? "-")")
                #expect(reply.string("code") == code, "\(name) \(value ?? "-"): \(reply.text)")
                #expect(reply.string("detail")?.isEmpty == false)
                #expect(reply.string("status") == "error")
                #expect(reply["success"] == .bool(false))
                #expect(reply.string("error") == reply.string("detail"))
                #expect(reply["order_id"]?.isNull == true)
            }
            #expect(house.broker.commands == 0)
            #expect(await house.session.orders().isEmpty)
        }
    }

    @Test(arguments: [
        ("SL-M", #""quantity":75"#, "missing_field"),
        ("SL-M", #""quantity":75,"price":1,"trigger_price":2"#, "invalid_field"),
        ("SL", #""quantity":75,"price":24500,"trigger_price":24600"#, "trigger_beyond_price"),
        ("SL", #""quantity":75,"price":24500,"trigger_price":24400.01"#, "trigger_off_tick"),
    ])
    func `a stop order needs a trigger that fits`(type: String, rest: String, code: String) async throws {
        try await House.run { house in
            let body = """
                {"tradingsymbol":"NIFTY25NOVFUT","exchange":"NFO","transaction_type":"BUY","product":"NRML",\
                "order_type":"\(type)",\(rest)}
                """
            let reply = try await house.send(.post, Self.path, as: house.ann, body)
            #expect(reply.string("code") == code)
            #expect(house.broker.commands == 0)
        }
    }

    static let badBodies: [(String, [String: String], Int, String)] = [
        ("", [:], 400, "malformed_json"), ("not json", [:], 400, "malformed_json"), ("[]", [:], 400, "malformed_json"),
        ("null", [:], 400, "malformed_json"), (House.limitOrder + "x", [:], 400, "malformed_json"),
        (#"{"quantity":75,"quantity":150}"#, [:], 400, "repeated_field"),
        (#"{"quantity":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}"#, [:], 400, "malformed_json"),
        (House.limitOrder, ["Content-Type": "text/plain"], 415, "unsupported_media_type"),
        (House.limitOrder, ["Content-Type": "application/x-www-form-urlencoded"], 415, "unsupported_media_type"),
        (House.limitOrder, ["Idempotency-Key": "two words"], 400, "invalid_idempotency_key"),
        (House.limitOrder, ["Idempotency-Key": ""], 400, "invalid_idempotency_key"),
        (
            House.limitOrder, ["Idempotency-Key": String(repeating: "k", count: 256)], 400, "invalid_idempotency_key"
        ),
        (
            #"{"tag":""# + String(repeating: "x", count: 1 << 20) + #""}"#, [:], 413, "body_too_large"
        ),
    ]

    @Test func `a body that is no order is refused and reaches no broker`() async throws {
        try await House.run { house in
            for (body, headers, status, code) in Self.badBodies {
                let reply = try await house.send(.post, Self.path, as: house.ann, body, headers: headers)
                #expect(reply.status == status, "\(body.prefix(80)) \(headers)")
                #expect(reply.string("code") == code, "\(body.prefix(80)) \(headers)")
            }
            #expect(house.broker.commands == 0)
        }
    }

    @Test func `an accepted order gives the answer of the reference`() async throws {
        try await House.run { house in
            let reply = try await house.send(.post, Self.path, as: house.tom, House.limitOrder)
            #expect(reply.status == 200)
            #expect(reply.string("status") == "success")
            #expect(reply.string("account_id") == "DW1234")
            #expect(reply["success"] == .bool(true))
            #expect(reply.string("order_id") == "240711000012345")
            #expect(reply.string("message") == "Order placed successfully")
            #expect(reply.string("client_order_id")?.count == 20)
            let timing = try #require(reply.headers[.serverTiming])
            #expect(timing.wholeMatch(of: /gateway;dur=\d+\.\d{3}/) != nil)
            #expect(house.broker.commands == 1)
        }
    }

    @Test func `the same key gives the same order, other terms under it are refused`() async throws {
        try await House.run { house in
            let key = ["Idempotency-Key": "order-1"]
            let first = try await house.send(.post, Self.path, as: house.ann, House.limitOrder, headers: key)
            let again = try await house.send(.post, Self.path, as: house.ann, House.limitOrder, headers: key)
            #expect(first.headers[.idempotentReplayed] == nil)
            #expect(again.headers[.idempotentReplayed] == "true")
            #expect(again.string("order_id") == first.string("order_id"))
            let other = try await house.send(
                .post, Self.path, as: house.ann, Self.order("quantity", "150"), headers: key)
            #expect(other.status == 422)
            #expect(other.string("code") == "idempotency_key_reused")
            #expect(house.broker.commands == 1)
        }
    }

    @Test func `a key whose order is on its way is 409 with Retry-After`() async throws {
        try await House.run(broker: { $0.placement = .held }) { house in
            let key = ["Idempotency-Key": "order-1"]
            async let first = house.send(.post, Self.path, as: house.ann, House.limitOrder, headers: key)
            await house.broker.heldOrder()
            let second = try await house.send(.post, Self.path, as: house.ann, House.limitOrder, headers: key)
            #expect(second.status == 409)
            #expect(second.headers[.retryAfter] == "1")
            house.broker.release()
            #expect(try await first.status == 200)
            #expect(house.broker.commands == 1)
        }
    }

    @Test func `what the broker refuses is the error of the reference`() async throws {
        let refusal = BrokerError(.rejected, .margin, "Insufficient margin")
        try await House.run(broker: { $0.placement = .refused(refusal) }) { house in
            let reply = try await house.send(.post, Self.path, as: house.ann, House.limitOrder)
            #expect(reply.status == 400)
            #expect(reply.string("status") == "error")
            #expect(reply["success"] == .bool(false))
            #expect(reply.string("error") == "Insufficient margin")
            #expect(reply.string("code") == "rejected_by_broker")
            #expect(reply["status_code"]?.number?.int == 400)
            #expect(reply.string("client_order_id")?.count == 20)
        }
    }

    @Test func `an answer that never came is 202 and unknown, not an error to try again`() async throws {
        let doubt = BrokerError(.unknown, .timeout, "The broker did not answer in 10 s.")
        try await House.run(broker: { $0.placement = .refused(doubt) }) { house in
            let reply = try await house.send(.post, Self.path, as: house.ann, House.limitOrder)
            #expect(reply.status == 202)
            #expect(reply.string("status") == "unknown")
            #expect(reply["success"] == .bool(false))
            #expect(reply["order_id"]?.isNull == true)
            #expect(reply.string("message")?.contains("looked up") == true)
            let tag = try #require(reply.string("client_order_id"))
            let order = try await house.send(.get, Self.path + "/" + tag, as: house.ann)
            #expect(order["order", "status"]?.string == "UNKNOWN")
        }
    }

    @Test func `an order that never left is 503 and safe to repeat`() async throws {
        let fault = BrokerError(.notSent, .unreachable, "Connection refused.")
        try await House.run(broker: { $0.placement = .refused(fault) }) { house in
            let reply = try await house.send(.post, Self.path, as: house.ann, House.limitOrder)
            #expect(reply.status == 503)
            #expect(reply.string("code") == "not_sent")
            #expect(reply.headers[.retryAfter] != nil)
        }
    }

    @Test func `without a journal nothing is sent`() async throws {
        try await House.run { house in
            house.journal.setDown(true)
            let reply = try await house.send(.post, Self.path, as: house.ann, House.limitOrder)
            #expect(reply.status == 503)
            #expect(reply.string("code") == "journal_unavailable")
            #expect(house.broker.commands == 0)
        }
    }
}
