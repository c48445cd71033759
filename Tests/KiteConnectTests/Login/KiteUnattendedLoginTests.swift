import AsyncHTTPClient
import Synchronization
import Testing

@testable import KiteConnect

/// Kite's web as a script: password, code, cookie, two redirects.
private struct Web: Sendable {
    static let seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    var login = json(
        "200 OK", #"{"status":"success","data":{"user_id":"AB1234","request_id":"REQ1","twofa_type":"totp"}}"#)
    var confirm: @Sendable (String) -> [UInt8] = { _ in
        json(
            "200 OK", #"{"status":"success","data":{"profile":{}}}"#,
            extra: "Set-Cookie: kf_session=COOKIE1; Path=/; HttpOnly; Secure\r\nSet-Cookie: user_id=AB1234\r\n")
    }
    var connect = redirect("/connect/finish?sess_id=SID")
    var finish = redirect("https://app.example/back?action=login&status=success&request_token=RT42")
    var exchange = json(
        "200 OK",
        #"{"status":"success","data":{"user_id":"AB1234","access_token":"AT9","login_time":"2026-08-18 09:00:00"}}"#)

    var server: RawServer.Behaviour {
        .reply { request in
            let line = request.prefix { $0 != "\r\n" }
            if line.hasPrefix("POST /api/login ") { return login }
            if line.hasPrefix("POST /api/twofa ") { return confirm(request) }
            if line.hasPrefix("POST /session/token ") { return exchange }
            if line.hasPrefix("DELETE /session/token") {
                return Self.json("200 OK", #"{"status":"success","data":true}"#)
            }
            guard request.contains("Cookie: kf_session=COOKIE1; user_id=AB1234") else {
                return Self.json("400 Bad Request", #"{"status":"error","message":"no cookie"}"#)
            }
            return line.hasPrefix("GET /connect/login?v=3&api_key=apikey-1") ? connect : finish
        }
    }

    static func json(_ status: String, _ body: String, extra: String = "") -> [UInt8] {
        RawServer.http(status, "application/json", body, extra: extra)
    }

    static func redirect(_ location: String) -> [UInt8] {
        RawServer.http("302 Found", "text/html", "", extra: "Location: \(location)\r\n")
    }

    static func refusal(_ type: String, _ message: String, _ status: String = "403 Forbidden") -> [UInt8] {
        json(status, #"{"status":"error","message":"\#(message)","data":null,"error_type":"\#(type)"}"#)
    }
}

/// A clock that moves only by sleeping.
private final class Clock: Sendable {
    private let seconds: Mutex<Int64>
    init(_ start: Int64) { seconds = Mutex(start) }
    var now: KiteTime { KiteTime(unixSeconds: seconds.withLock { $0 }) }
    func sleep(_ duration: Duration) { seconds.withLock { $0 += duration.components.seconds } }
}

@Suite(.timeLimit(.minutes(1))) struct KiteUnattendedLoginTests {
    private static let credentials = KiteLoginCredentials(userID: "AB1234", password: "hunter-22", totpSeed: Web.seed)

    /// Signs in against a web; gives the requests that came with the result.
    private func signIn(
        _ web: Web, at seconds: Int64 = 1_111_111_109, credentials: KiteLoginCredentials = Self.credentials,
        skipsWebSession: Bool = false
    ) async throws -> (result: Result<KiteSession, KiteLoginError>, requests: [String]) {
        let clock = Clock(seconds)
        return try await RawServer.with(web.server) { server in
            try await withHTTPClient({ _ in }) { http in
                let base = "http://127.0.0.1:\(server.port)"
                let login = KiteUnattendedLogin(
                    configuration: KiteConfiguration(
                        apiKey: "apikey-1", baseURL: base, loginPageURL: base + "/connect/login", timeout: .seconds(5)),
                    httpClient: http, skipsWebSession: skipsWebSession, now: { clock.now }, sleep: { clock.sleep($0) })
                do throws(KiteLoginError) {
                    return (.success(try await login.signIn(credentials, apiSecret: "secret-1")), server.requests)
                } catch {
                    return (.failure(error), server.requests)
                }
            }
        }
    }

    private func failure(_ web: Web, at seconds: Int64 = 1_111_111_109) async throws -> KiteLoginError? {
        let outcome = try await signIn(web, at: seconds)
        guard case .failure(let error) = outcome.result else { return nil }
        for secret in ["hunter-22", Web.seed, "COOKIE1", "secret-1"] { #expect(!"\(error)".contains(secret)) }
        return error
    }

    @Test func `password, code, cookies and two redirects give a session`() async throws {
        let (result, requests) = try await signIn(Web())
        #expect(try result.get().accessToken == "AT9")
        #expect(requests.count == 5)
        #expect(requests[0].hasSuffix("\r\n\r\nuser_id=AB1234&password=hunter-22"))
        #expect(requests[1].hasSuffix("user_id=AB1234&request_id=REQ1&twofa_value=081804&twofa_type=totp"))
        #expect(!requests[1].contains("Cookie:"))
        #expect(requests[3].hasPrefix("GET /connect/finish?sess_id=SID "))
        #expect(requests[4].hasPrefix("POST /session/token "))
        #expect(requests[4].contains("request_token=RT42"))
        #expect(!requests[4].contains("Cookie:"))
    }

    @Test func `the web session can be left out`() async throws {
        let (result, requests) = try await signIn(Web(), skipsWebSession: true)
        #expect(throws: Never.self) { try result.get() }
        #expect(requests[1].hasSuffix("&skip_session=true"))
        #expect(requests[2].hasPrefix("GET /connect/login?v=3&api_key=apikey-1&skip_session=true "))
    }

    @Test(arguments: [
        ("UserException", "Invalid username or password.", KiteLoginError.Code.wrongPassword),
        ("InputException", "Invalid username or password.", .wrongPassword),
        ("UserException", "Your account has been locked. Reset your password.", .accountLocked),
        ("UserException", "Maximum number of attempts reached.", .accountLocked),
        ("UserException", "Please enter the CAPTCHA.", .captcha),
        ("NetworkException", "Gateway is down.", .unavailable),
    ])
    func `a refused password is typed and never sent again`(
        type: String, message: String, code: KiteLoginError.Code
    ) async throws {
        var web = Web()
        web.login = Web.refusal(type, message)
        let outcome = try await signIn(web)
        #expect(outcome.requests.count == 1)
        guard case .failure(let error) = outcome.result else { throw KiteLoginError(.unknownPage, "it signed in") }
        #expect(error.code == code)
        #expect(error.message == message)
    }

    @Test func `a password in the broker's sentence is blotted out`() async throws {
        var web = Web()
        web.login = Web.refusal("UserException", "hunter-22 is wrong")
        #expect(try await failure(web)?.message == "[redacted] is wrong")
    }

    @Test func `unknown pages and other factors are typed`() async throws {
        let logins: [([UInt8], KiteLoginError.Code)] = [
            (RawServer.http("200 OK", "text/html", "<html>captcha</html>"), .unknownPage),
            (Web.json("200 OK", #"{"status":"success","data":{}}"#), .unknownPage),
            (Web.json("200 OK", #"{"status":"success","data":{"request_id":"R","captcha":true}}"#), .captcha),
            (Web.json("200 OK", #"{"status":"success","data":{"request_id":"R","twofa_type":"sms"}}"#), .secondFactor),
            (RawServer.http("502 Bad Gateway", "text/html", "x"), .unavailable),
            (RawServer.http("429 Too Many Requests", "text/html", "x"), .rateLimited),
        ]
        for (answer, code) in logins {
            var web = Web()
            web.login = answer
            #expect(try await failure(web)?.code == code)
        }
        let visits: [([UInt8], KiteLoginError.Code)] = [
            (RawServer.http("200 OK", "text/html", "<form action=authorize>"), .unknownPage),
            (Web.redirect("https://evil.example/connect/finish"), .leavesHost),
            (Web.redirect("/connect/login?again"), .unknownPage),
            (Web.redirect("https://app.example/?status=failure&request_token=x"), .declined),
            (Web.redirect("https://app.example/?status=success&request_token="), .unknownPage),
            (RawServer.http("503 Service Unavailable", "text/html", "x"), .unavailable),
        ]
        for (answer, code) in visits {
            var web = Web()
            web.connect = answer
            web.finish = answer
            #expect(try await failure(web)?.code == code)
        }
    }

    @Test func `redirects end after a few`() async throws {
        var web = Web()
        web.connect = Web.redirect("/connect/again")
        web.finish = Web.redirect("/connect/again")
        let outcome = try await signIn(web)
        #expect(throws: KiteLoginError.self) { try outcome.result.get() }
        #expect(outcome.requests.count == 3 + KiteUnattendedLogin.hopLimit)
    }

    /// 1111111109 is the last second of a step.
    @Test(arguments: [(1_111_111_109, 2), (1_111_111_105, 2), (1_111_111_104, 1), (1_111_111_080, 1)])
    func `a refused code is sent again once, and only at the end of its half minute`(
        seconds: Int64, times: Int
    ) async throws {
        var web = Web()
        web.confirm = { _ in Web.refusal("TwoFAException", "Invalid TOTP.") }
        let outcome = try await signIn(web, at: seconds)
        guard case .failure(let error) = outcome.result else { throw KiteLoginError(.unknownPage, "it signed in") }
        #expect(error.code == .wrongCode)
        #expect(outcome.requests.count == 1 + times)
    }

    @Test func `the next code is taken after the first came too late`() async throws {
        var web = Web()
        web.confirm = { request in
            request.contains("twofa_value=050471")
                ? Web().confirm(request) : Web.refusal("TwoFAException", "Invalid TOTP.")
        }
        let outcome = try await signIn(web, at: 1_111_111_109)
        #expect(try outcome.result.get().accessToken == "AT9")
    }

    @Test func `a session of somebody else is ended and refused`() async throws {
        var web = Web()
        web.exchange = Web.json("200 OK", #"{"status":"success","data":{"user_id":"ZZ9999","access_token":"AT9"}}"#)
        let outcome = try await signIn(web)
        guard case .failure(let error) = outcome.result else { throw KiteLoginError(.unknownPage, "it signed in") }
        #expect(error.code == .otherUser)
        #expect(outcome.requests.last?.hasPrefix("DELETE /session/token?api_key=apikey-1&access_token=AT9") == true)
    }

    @Test func `a request token that is refused is typed`() async throws {
        var web = Web()
        web.exchange = Web.refusal("TokenException", "Token is invalid or has expired.")
        #expect(try await failure(web)?.code == .exchange)
    }

    @Test func `a seed that is none is said before anything is sent`() async throws {
        let wrong = KiteLoginCredentials(userID: "AB1234", password: "hunter-22", totpSeed: "not base 32!")
        let outcome = try await signIn(Web(), credentials: wrong)
        #expect(throws: KiteLoginError.self) { try outcome.result.get() }
        #expect(outcome.requests.isEmpty)
    }

    @Test(arguments: [RawServer.Behaviour.closeAtOnce, .hang]) func `a web that fails is transient`(
        _ behaviour: RawServer.Behaviour
    ) async throws {
        try await RawServer.with(behaviour) { server in
            try await withHTTPClient({ _ in }) { http in
                let login = KiteUnattendedLogin(
                    configuration: KiteConfiguration(
                        apiKey: "k", loginPageURL: "http://127.0.0.1:\(server.port)/connect/login",
                        timeout: .milliseconds(200)),
                    httpClient: http, now: { KiteTime(unixSeconds: 0) })
                let error = await #expect(throws: KiteLoginError.self) {
                    try await login.requestToken(Self.credentials)
                }
                #expect(error?.isTransient == true)
            }
        }
    }

    @Test func `a password does not leave for a server that speaks no TLS`() async throws {
        try await RawServer.with(.closeAtOnce) { server in
            try await withHTTPClient({ _ in }) { http in
                let login = KiteUnattendedLogin(
                    configuration: KiteConfiguration(
                        apiKey: "k", loginPageURL: "https://127.0.0.1:\(server.port)/connect/login",
                        timeout: .seconds(2)),
                    httpClient: http, now: { KiteTime(unixSeconds: 0) })
                let error = await #expect(throws: KiteLoginError.self) {
                    try await login.requestToken(Self.credentials)
                }
                #expect(error?.isTransient == true)
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test func `credentials show the user and nothing else`() {
        var dumped = ""
        dump(Self.credentials, to: &dumped)
        for text in ["\(Self.credentials)", String(reflecting: Self.credentials), dumped] {
            #expect(!text.contains("hunter") && !text.contains(Web.seed))
        }
    }
}
