import Brokers
import HTTPTypes
import JSON
import Testing
import Trading

@testable import API

struct OrderRoutesTests {
    private static let path = "/accounts/DW1234/orders"

    @Test func `an order's row has the fields of the reference`() async throws {
        try await House.run { house in
            let number = try await house.place()
            house.broker.edit(number) { report in
                report.status = .filled
                report.filledQuantity = 75
                report.averagePrice = Price("24500.5")
                report.exchangeOrderID = "1234567890"
                report.message = "Order executed"
                report.exchangeTime = ManualClock.origin
            }
            await house.broker.push(number)
            let reply = try await house.send(.get, Self.path, as: house.vera)
            #expect(reply.string("status") == "success")
            #expect(reply.string("account_id") == "DW1234")
            #expect(reply["count"]?.number?.int == 1)
            let row = try #require(reply["orders", "0"]?.object)
            let expected: [(String, JSONValue)] = [
                ("order_id", .string(number)), ("exchange_order_id", .string("1234567890")),
                ("tradingsymbol", .string("NIFTY25NOVFUT")), ("exchange", .string("NFO")),
                ("transaction_type", .string("BUY")), ("order_type", .string("LIMIT")), ("product", .string("NRML")),
                ("quantity", .number(.init(text: "75"))), ("pending_quantity", .number(.init(text: "0"))),
                ("filled_quantity", .number(.init(text: "75"))), ("price", .number(.init(text: "24500"))),
                ("average_price", .number(.init(text: "24500.5"))), ("status", .string("COMPLETE")),
                ("status_message", .string("Order executed")), ("order_timestamp", .string("2025-11-07T04:00:00Z")),
                ("exchange_timestamp", .string("2025-11-07T04:00:00Z")), ("tag", .string("strategy1")),
                ("trigger_price", .null), ("validity", .string("DAY")), ("is_external", .bool(false)),
            ]
            for (name, value) in expected { #expect(row[name] == value, "\(name)") }
        }
    }

    @Test func `the list is newest first, filtered and limited`() async throws {
        try await House.run { house in
            let first = try await house.place()
            let second = try await house.place()
            house.broker.edit(first) { $0.status = .cancelled }
            await house.broker.push(first)
            await house.broker.push(second)
            let numbers = { (query: String) async throws -> [String?] in
                let reply = try await house.send(.get, Self.path + query, as: house.ann)
                return (reply["orders"]?.array ?? []).map { $0.object?["order_id"]?.string }
            }
            #expect(try await numbers("") == [second, first])
            #expect(try await numbers("?limit=1") == [second])
            #expect(try await numbers("?status=CANCELLED") == [first])
            #expect(try await numbers("?status=OPEN") == [second])
            #expect(try await numbers("?status=COMPLETE") == [])
            for query in ["?status=DONE", "?limit=0", "?limit=1001", "?limit=x"] {
                let reply = try await house.send(.get, Self.path + query, as: house.ann)
                #expect(reply.string("code") == "invalid_parameter", "\(query)")
            }
        }
    }

    @Test func `an order of another account is not found under one's own`() async throws {
        try await House.run { house in
            let number = try await house.place()
            for method in ["GET", "PATCH", "DELETE"] {
                let reply = try await house.send(
                    .init(method) ?? .get, "/accounts/ZX9876/orders/\(number)", as: house.eve,
                    method == "PATCH" ? #"{"quantity":75}"# : nil)
                #expect(reply.status == 404)
                #expect(reply.string("code") == "order_not_found")
            }
            #expect(house.broker.commands == 1)
            #expect(house.otherBroker.commands == 0)
        }
    }

    @Test func `a cancel reaches the broker once and a second one is a conflict`() async throws {
        try await House.run { house in
            let number = try await house.place()
            let reply = try await house.send(.delete, Self.path + "/" + number, as: house.ann)
            #expect(reply.status == 200)
            #expect(reply["success"] == .bool(true))
            #expect(reply.string("order_id") == number)
            #expect(reply["order", "status"]?.string == "CANCELLED")
            let again = try await house.send(.delete, Self.path + "/" + number, as: house.ann)
            #expect(again.status == 409)
            #expect(again.string("code") == "order_not_open")
            #expect(house.broker.commands == 2)
        }
    }

    @Test func `a change is checked like a new order`() async throws {
        try await House.run { house in
            let path = Self.path + "/" + (try await house.place())
            let table: [(String, Int, String?)] = [
                (#"{"price":24400.00}"#, 200, nil), (#"{"quantity":150}"#, 200, nil), ("{}", 400, "nothing_to_change"),
                (#"{"price":24400.01}"#, 400, "price_off_tick"), (#"{"quantity":76}"#, 400, "quantity_off_lot"),
                (#"{"quantity":"75"}"#, 400, "invalid_field"), (#"{"side":"SELL"}"#, 400, "unknown_field"),
                (#"{"order_type":"SL"}"#, 400, "trigger_missing"), (#"{"validity":"GTC"}"#, 400, "invalid_field"),
            ]
            for (body, status, code) in table {
                let reply = try await house.send(.patch, path, as: house.ann, body)
                #expect(reply.status == status, "\(body): \(reply.text)")
                #expect(reply.string("code") == code, "\(body)")
            }
            #expect(house.broker.commands == 3)
            let order = try await house.send(.get, path, as: house.ann)
            #expect(order["order", "quantity"]?.number?.int == 150)
        }
    }

    @Test(arguments: [
        (BrokerError.Outcome.unknown, 202, nil), (.rejected, 400, "rejected_by_broker"),
        (.notSent, 503, "session_not_ready"),
    ])
    func `a cancel that fails says whether it may have happened`(
        outcome: BrokerError.Outcome, status: Int, code: String?
    ) async throws {
        try await House.run(broker: { $0.commandError = BrokerError(outcome, .order, "No.") }) { house in
            let reply = try await house.send(.delete, Self.path + "/" + (try await house.place()), as: house.ann)
            #expect(reply.status == status)
            #expect(reply.string("code") == code)
        }
    }
}
