import Accounts
import HTTPTypes
import JSON
import Testing
import Trading

@testable import API

struct LoginRouteTests {
    private static let path = "/api/v1/auth/login"
    private static let right = #"{"email":"Ann@Example.com","password":"correct horse battery"}"#

    @Test func `the right password gives a token that opens the account`() async throws {
        try await House.run { house in
            let reply = try await house.send(.post, Self.path, as: nil, Self.right)
            #expect(reply.status == 200)
            #expect(reply.string("token_type") == "Bearer")
            #expect(reply["expires_in"]?.number?.int == 900)
            #expect(reply["refresh_token"]?.isNull == true)
            #expect(reply["user", "user_id"]?.string == "1")
            #expect(reply["user", "email"]?.string == "ann@example.com")
            #expect(reply["user", "roles"] == .array([.string("user")]))
            #expect(reply["user", "mfa_enabled"] == .bool(false))
            let token = try #require(reply.string("access_token"))
            #expect(try await house.send(.get, "/accounts", as: token).status == 200)
        }
    }

    @Test func `an unknown address, a wrong password and no address at all are the same answer`() async throws {
        try await House.run { house in
            var texts: Set<String> = []
            for (email, password) in [("ann@example.com", "wrong"), ("nobody@example.com", "x"), ("no address", "x")] {
                let reply = try await house.send(
                    .post, Self.path, as: nil, #"{"email":"\#(email)","password":"\#(password)"}"#,
                    headers: ["X-Correlation-ID": "same"])
                #expect(reply.status == 401)
                texts.insert(reply.text)
            }
            #expect(texts.count == 1)
        }
    }

    @Test func `after ten failures even the right password is refused with Retry-After`() async throws {
        try await House.run { house in
            for _ in 0..<10 {
                _ = try await house.send(.post, Self.path, as: nil, #"{"email":"ann@example.com","password":"no"}"#)
            }
            let reply = try await house.send(.post, Self.path, as: nil, Self.right)
            #expect(reply.status == 429)
            #expect(reply.string("code") == "too_many_attempts")
            #expect(reply.headers[.retryAfter] == "900")
        }
    }

    @Test func `a deactivated user is told so only with the right password`() async throws {
        try await House.run { house in
            try await house.stores.setActive(false, user: .init(1))
            let reply = try await house.send(.post, Self.path, as: nil, Self.right)
            #expect(reply.status == 403)
            #expect(reply.string("code") == "user_deactivated")
        }
    }

    @Test(arguments: [
        (#"{"email":"ann@example.com"}"#, "missing_field"),
        (#"{"email":"ann@example.com","password":["x"]}"#, "invalid_field"),
        (#"{"email":"ann@example.com","password":"x","admin":true}"#, "unknown_field"),
        (#"{"email":"ann@example.com","password":"x","password":"y"}"#, "repeated_field"),
        (#"{"email":"ann@example.com","password":"x","persist_session":"yes"}"#, "invalid_field"),
        ("[]", "malformed_json"), ("", "malformed_json"), ("{", "malformed_json"),
    ])
    func `a malformed body is refused`(body: String, code: String) async throws {
        try await House.run { house in
            let reply = try await house.send(.post, Self.path, as: nil, body)
            #expect(reply.status == 400)
            #expect(reply.string("code") == code)
        }
    }
}
