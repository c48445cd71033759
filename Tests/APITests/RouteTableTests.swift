import Accounts
import HTTPTypes
import JSON
import Testing

@testable import API

struct RouteTableTests {
    private static func uri(_ route: Route, account: String = "DW1234") -> String {
        route.path.replacing("{account_id}", with: account).replacing("{order_id}", with: "1")
    }

    @Test func `only login, the broker's way back, health and metrics are open`() async throws {
        try await House.run { house in
            let open = house.routes.table.filter { $0.access == .open }.map(\.path)
            #expect(open == ["/api/v1/auth/login", "/accounts/kite/callback", "/health", "/metrics"])
        }
    }

    @Test func `every other route refuses whoever brings no token or a forged one`() async throws {
        try await House.run {
            $0.staticSample = []
        } _: { house in
            for route in house.routes.table where route.access != .open {
                for (token, code) in [(nil, "not_authenticated"), (House.forged, "invalid_token")] {
                    let reply = try await house.send(route.method, Self.uri(route), as: token, "{}")
                    #expect(reply.status == 401, "\(route.method) \(route.path)")
                    #expect(reply.string("code") == code)
                    #expect(reply["status_code"]?.number?.int == 401)
                    #expect(reply.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
                }
            }
            #expect(house.broker.commands == 0)
        }
    }

    @Test func `an account of somebody else does not exist, whatever the route and however it is named`() async throws {
        try await House.run { house in
            for route in house.routes.table {
                guard case .account = route.access else { continue }
                for name in ["DW1234", "1", "no-such", "%2e%2e"] {
                    let reply = try await house.send(
                        route.method, Self.uri(route, account: name), as: house.eve, House.limitOrder)
                    #expect(reply.status == 404, "\(route.method) \(route.path) as \(name)")
                    #expect(reply.string("code") == "account_not_found")
                }
            }
            #expect(house.broker.commands == 0)
        }
    }

    @Test func `whoever may only view cannot place, change or cancel`() async throws {
        try await House.run { house in
            for route in house.routes.table where route.access == .account(.trade) {
                let reply = try await house.send(route.method, Self.uri(route), as: house.vera, House.limitOrder)
                #expect(reply.status == 403, "\(route.method) \(route.path)")
                #expect(reply.string("code") == "permission_missing")
            }
            #expect(house.broker.commands == 0)
            for route in house.routes.table where route.access == .account(.view) && !route.path.hasPrefix("/ws") {
                let reply = try await house.send(route.method, Self.uri(route), as: house.vera)
                let expected = route.path.hasSuffix("{order_id}") ? "order_not_found" : nil
                #expect(reply.string("code") == expected, "\(route.method) \(route.path)")
            }
        }
    }

    @Test(arguments: ["DW1234", "1", "primary"])
    func `the broker's name, our number and primary are the same account`(name: String) async throws {
        try await House.run { house in
            let reply = try await house.send(.get, "/accounts/\(name)", as: house.ann)
            #expect(reply["account", "account_id"]?.string == "DW1234")
        }
    }

    @Test func `an X-Account-ID that names another account than the path is refused`() async throws {
        try await House.run { house in
            for (header, status) in [("DW1234", 200), ("1", 200), ("primary", 200), ("ZX9876", 400), ("", 400)] {
                let reply = try await house.send(
                    .get, "/accounts/DW1234/orders", as: house.ann, headers: ["X-Account-ID": header])
                #expect(reply.status == status, "\(header)")
            }
            let order = try await house.send(
                .post, "/accounts/DW1234/orders", as: house.ann, House.limitOrder, headers: ["X-Account-ID": "ZX9876"])
            #expect(order.string("code") == "account_mismatch")
            #expect(house.broker.commands == 0)
        }
    }

    @Test func `an unknown address is 404 and a known one with another method 405 with Allow`() async throws {
        try await House.run { house in
            let unknown = try await house.send(.get, "/nothing", as: house.ann)
            #expect(unknown.status == 404)
            #expect(unknown.string("code") == "route_not_found")
            #expect(try await house.send(.get, "/nothing", as: nil).status == 401)
            let wrong = try await house.send(.put, "/accounts/DW1234/orders", as: house.ann)
            #expect(wrong.status == 405)
            #expect(wrong.headers[.allow] == "POST, GET")
            #expect(wrong.string("code") == "method_not_allowed")
        }
    }

    @Test func `every answer carries the correlation id, errors in the body too`() async throws {
        try await House.run { house in
            let reply = try await house.send(.get, "/nothing", as: house.ann, headers: ["X-Correlation-ID": "abc-1"])
            #expect(reply.string("correlation_id") == "abc-1")
            #expect(reply.headers[HTTPField.Name("X-Correlation-ID") ?? .accept] == "abc-1")
        }
    }

    @Test func `a listed origin's preflight is answered without a token`() async throws {
        try await House.run {
            $0.allowedOrigins = ["http://localhost:3000"]
        } _: { house in
            let reply = try await house.send(
                .options, "/accounts/DW1234/orders", as: nil,
                headers: ["Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"])
            #expect(reply.status == 204)
            #expect(reply.headers[.accessControlAllowOrigin] == "http://localhost:3000")
            let error = try await house.send(.get, "/accounts", as: nil, headers: ["Origin": "http://localhost:3000"])
            #expect(error.status == 401)
            #expect(error.headers[.accessControlAllowOrigin] == "http://localhost:3000")
        }
    }

    @Test func `a store that is down is 503 and not an empty list`() async throws {
        try await House.run { house in
            house.stores.setDown(true)
            let reply = try await house.send(.get, "/accounts", as: house.ann)
            #expect(reply.status == 503)
            #expect(reply.string("code") == "store_unavailable")
        }
    }
}
