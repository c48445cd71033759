import JSON
import Testing
import Trading

@testable import KiteSimulator

@Suite struct KiteSessionTests {
    @Test func `signing in, reading the profile and signing out`() async throws {
        try await withKite { running in
            let requestToken = try #require(running.kite.mintRequestToken(for: "AB1234"))
            let answer = try await running.exchange(requestToken)
            #expect(answer.status == 200)
            #expect(answer.contentType == "application/json")
            #expect(try answer.data.at("user_id")?.string == "AB1234")
            #expect(try answer.data.at("user_shortname")?.string == "Asha")
            #expect(try answer.data.at("login_time")?.string == running.clock.now.indianText)
            #expect(try await running.exchange(requestToken).message == "Token is invalid or has expired.")
            let token = try #require(try answer.data.at("access_token")?.string)
            let header = "token key1:\(token)"
            let profile = try await running.call("GET", "/user/profile", session: header)
            #expect(try profile.data.at("email")?.string == "asha@example.com")
            let end = try await running.call("DELETE", "/session/token?api_key=key1&access_token=\(token)")
            #expect(try end.data == .bool(true))
            let refused = try await running.call("GET", "/user/profile", session: header)
            #expect(refused.status == 403)
            #expect(try refused.errorType == "TokenException")
            #expect(try refused.message == "Incorrect `api_key` or `access_token`.")
        }
    }

    @Test(arguments: [nil, "token key1:wrong", "token key1", "Bearer x", "token other:x", "Token key1:x"])
    func `a missing or wrong session is 403 with a token error`(header: String?) async throws {
        try await withKite { running in
            for path in ["/user/profile", "/orders", "/portfolio/positions", "/quote?i=NSE:INFY"] {
                let answer = try await running.call("GET", path, session: header)
                #expect(answer.status == 403)
                #expect(try answer.errorType == "TokenException")
            }
        }
    }

    @Test func `a session dies at six in the morning`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            running.clock.advance(by: .seconds(20 * 3_600 - 1))
            #expect(try await running.call("GET", "/user/profile", session: session).status == 200)
            running.clock.advance(by: .seconds(1))
            #expect(try await running.call("GET", "/user/profile", session: session).status == 403)
        }
    }

    @Test func `the sign-in page hands out a request token for the right password and code`() async throws {
        try await withKite { running in
            let form = try await running.call("GET", "/connect/login?v=3&api_key=key1")
            #expect(form.contentType?.hasPrefix("text/html") == true)
            let code = try #require(
                TimeCode.code(secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at: running.clock.now))
            let wrong = try await running.call(
                "POST", "/connect/login", form: "api_key=key1&user_id=AB1234&password=pass&totp=000000")
            #expect(wrong.status == 403)
            let right = try await running.call(
                "POST", "/connect/login", form: "api_key=key1&user_id=AB1234&password=pass&totp=\(code)")
            #expect(right.status == 302)
            let landing = try await running.call("GET", try #require(right.location))
            let text = String(decoding: landing.body, as: UTF8.self)
            let token = try #require(text.firstRange(of: "<code>")).upperBound
            let requestToken = String(text[token...].prefix(32))
            #expect(try await running.exchange(requestToken).status == 200)
        }
    }
}
