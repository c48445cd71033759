import HTTPTypes
import JSON
import Testing

@testable import API

struct AccountRoutesTests {
    @Test func `everybody sees his own accounts and those shared with him, with his rights`() async throws {
        try await House.run { house in
            let mine = try await house.send(.get, "/accounts", as: house.ann)
            #expect(mine["count"]?.number?.int == 1)
            let row = try #require(mine["accounts", "0"]?.object)
            #expect(row["account_id"]?.string == "DW1234")
            #expect(row["user_id"]?.string == "1")
            #expect(row["broker"]?.string == "zerodha")
            #expect(row["status"]?.string == "active")
            #expect(row["total_pnl"]?.number?.text == "0")
            #expect(row["position_count"]?.number?.int == 0)
            #expect(row["trading_account_id"]?.number?.int == 1)
            #expect(row["session_state"]?.string == "ready")
            let shared = try await house.send(.get, "/accounts", as: house.tom)
            #expect(shared["accounts", "0", "permissions"] == .array([.string("view"), .string("trade")]))
            #expect(shared["accounts", "0", "is_owner"] == .bool(false))
            let other = try await house.send(.get, "/accounts", as: house.eve)
            #expect(other["accounts", "0", "account_id"]?.string == "ZX9876")
        }
    }

    @Test func `the filter by user shows nothing that was not seen without it`() async throws {
        try await House.run { house in
            for (user, count) in [("1", 1), ("4", 0), ("user_1", 0)] {
                let reply = try await house.send(.get, "/accounts?user_id=\(user)", as: house.ann)
                #expect(reply["count"]?.number?.int == count, "\(user)")
            }
        }
    }

    @Test func `the detail adds name and address, the address for its owner only`() async throws {
        try await House.run { house in
            let mine = try await house.send(.get, "/accounts/DW1234", as: house.ann)
            #expect(mine["account", "email"]?.string == "ann@example.com")
            #expect(mine["account", "user_name"]?.string == "ann")
            let shared = try await house.send(.get, "/accounts/DW1234", as: house.vera)
            #expect(shared["account", "email"]?.isNull == true)
            #expect(shared["account", "user_name"]?.string == "ann")
        }
    }
}
