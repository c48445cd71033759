import JSON
import Testing
import Trading
import WebSocket

@testable import KiteSimulator

@Suite(.timeLimit(.minutes(1))) struct SignInRoutesTests {
    private func code(_ running: RunningKite) throws -> String {
        try #require(TimeCode.code(secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at: running.clock.now))
    }

    /// Signs in as scripts do and gives the cookie header.
    private func visit(_ running: RunningKite) async throws -> String {
        let first = try await running.call("POST", "/api/login", form: "user_id=AB1234&password=pass")
        #expect(first.status == 200)
        #expect(try first.data.at("twofa_type")?.string == "totp")
        let id = try #require(try first.data.at("request_id")?.string)
        let second = try await running.call(
            "POST", "/api/twofa",
            form: "user_id=AB1234&request_id=\(id)&twofa_value=\(try code(running))&twofa_type=totp")
        #expect(second.status == 200)
        #expect(
            second.cookies.compactMap { $0.split(separator: "=").first.map(String.init) } == [
                "kf_session", "user_id", "public_token", "enctoken",
            ])
        #expect(second.cookies.first?.contains("HttpOnly") == true)
        return second.cookies.compactMap { $0.split(separator: ";").first.map(String.init) }.joined(separator: "; ")
    }

    @Test func `an unattended sign-in ends with a request token at the app's address`() async throws {
        try await withKite(configure: { _, configuration in
            configuration.apps[0].redirectURL = "http://127.0.0.1:5000/back?app=1"
        }) { running in
            let cookie = try await visit(running)
            let answer = try await running.call(
                "GET", "/connect/login?v=3&api_key=key1&redirect_params=state%3Dabc%26n%3D1", cookie: cookie)
            #expect(answer.status == 302)
            let location = try #require(answer.location)
            #expect(location.hasPrefix("http://127.0.0.1:5000/back?app=1&request_token="))
            #expect(location.hasSuffix("&action=login&type=login&status=success&state=abc&n=1"))
            let token = String(try #require(location.split(separator: "request_token=").last).prefix(32))
            #expect(try await running.exchange(token).status == 200)
            let again = try await running.call("GET", "/connect/finish?api_key=key1&sess_id=x", cookie: cookie)
            #expect(again.status == 302)
        }
    }

    @Test func `without the cookie there is the page, with a wrong one too`() async throws {
        try await withKite { running in
            for cookie in [nil, "kf_session=wrong", "other=1; kf_session=", "kf_session"] {
                let answer = try await running.call("GET", "/connect/login?v=3&api_key=key1", cookie: cookie)
                #expect(answer.status == 200)
                #expect(answer.contentType?.hasPrefix("text/html") == true)
            }
            #expect(try await running.call("GET", "/connect/login?v=3&api_key=nope").status == 400)
        }
    }

    @Test(arguments: [
        ("/api/login", "user_id=AB1234&password=wrong", 403, "UserException"),
        ("/api/login", "user_id=ZZ0000&password=pass", 403, "UserException"),
        ("/api/login", "user_id=AB1234", 400, "InputException"), ("/api/login", "", 400, "InputException"),
        ("/api/twofa", "user_id=AB1234&request_id=no&twofa_value=1", 403, "TwoFAException"),
        ("/api/twofa", "user_id=AB1234&request_id=no", 400, "InputException"),
        ("/api/twofa", "user_id=AB1234&request_id=no&twofa_value=1&twofa_type=sms", 400, "InputException"),
    ])
    func `a wrong step is refused in Kite's envelope`(
        path: String, form: String, status: Int, type: String
    ) async throws {
        try await withKite { running in
            let answer = try await running.call("POST", path, form: form)
            #expect(answer.status == status)
            #expect(try answer.errorType == type)
            #expect(answer.cookies.isEmpty)
        }
    }

    @Test func `a wrong code is refused and counted`() async throws {
        try await withKite { running in
            let first = try await running.call("POST", "/api/login", form: "user_id=AB1234&password=pass")
            let id = try #require(try first.data.at("request_id")?.string)
            let wrong = try await running.call(
                "POST", "/api/twofa", form: "user_id=AB1234&request_id=\(id)&twofa_value=000000")
            #expect(wrong.status == 403)
            #expect(try wrong.errorType == "TwoFAException")
            #expect(running.kite.counts.count(of: .signInFailures) == 1)
            let right = try await running.call(
                "POST", "/api/twofa", form: "user_id=AB1234&request_id=\(id)&twofa_value=\(try code(running))")
            #expect(right.status == 200)
        }
    }

    @Test func `a new sign-in ends the earlier session where that is the rule`() async throws {
        try await withKite(configure: { _, configuration in
            configuration.allowsOneSession = true
        }) { running in
            let first = try await running.signIn()
            let other = try await running.signIn("CD5678")
            let connection = try await running.ticker(first)
            while await running.kite.tickerConnections < 1 { await Task.yield() }
            let second = try await running.signIn()
            #expect(await connection.waitUntilClosed().code == .policyViolation)
            #expect(try await running.call("GET", "/user/profile", session: first).status == 403)
            #expect(try await running.call("GET", "/user/profile", session: second).status == 200)
            #expect(try await running.call("GET", "/user/profile", session: other).status == 200)
        }
    }
}
