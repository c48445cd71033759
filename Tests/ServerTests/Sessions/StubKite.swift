import HTTPTypes
import Hummingbird
import JSON
import KiteConnect
import Logging
import NIOCore
import Synchronization
import Trading
import WebServer

@testable import Server

/// A clock that moves when the test says.
final class TestClock: Sendable {
    private let time: Mutex<Timestamp>

    init(_ time: Timestamp) { self.time = Mutex(time) }

    var now: Timestamp { time.withLock { $0 } }
    func move(to time: Timestamp) { self.time.withLock { $0 = time } }
    func move(by duration: Duration) { time.withLock { $0 = $0.advanced(by: duration) } }
}

/// As much of Kite as a login and a session need: one client, one app, tokens that can be taken away.
final class StubKite: Sendable {
    struct State {
        var userID = "AB1234"
        var password = "hunter-22"
        var failsWithPage = false
        var hidesInstruments = false
        var livingTokens: Set<String> = []
        var passwordLogins = 0
        var number = 0
        var placedWith: [String] = []
        var refusals = 0
        var requestTokens: Set<String> = []
    }

    let state = Mutex(State())
    private let now: @Sendable () -> Timestamp

    init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

    func bind() async throws -> HTTPListener {
        try await HTTPListener.bind(
            name: "stub", host: "127.0.0.1", port: 0, router: router(),
            logger: Logger(label: "stub") { _ in SwiftLogNoOpLogHandler() })
    }

    /// A request token as the login page gives it.
    func mint() -> String {
        state.withLock { state in
            state.number += 1
            state.requestTokens.insert("RT\(state.number)")
            return "RT\(state.number)"
        }
    }

    func kill() { state.withLock { $0.livingTokens = [] } }

    private func router() -> Router<ConnectionRequestContext> {
        let router = Router(context: ConnectionRequestContext.self)
        router.post("/api/login") { request, _ in try await self.password(request) }
        router.post("/api/twofa") { _, _ in
            var response = Self.success(#"{"profile":{}}"#)
            response.headers[.setCookie] = "kf_session=C1; Path=/; HttpOnly"
            return response
        }
        router.get("/connect/login") { request, _ in
            guard request.headers[.cookie] == "kf_session=C1" else { return Response(status: .forbidden) }
            return Response(
                status: .found,
                headers: [.location: "https://app.example/?status=success&request_token=\(self.mint())"])
        }
        router.post("/session/token") { request, _ in try await self.session(request) }
        let reads = [
            ("/orders", "[]"), ("/trades", "[]"), ("/portfolio/positions", #"{"net":[],"day":[]}"#),
            ("/portfolio/holdings", "[]"), ("/user/margins", "{}"),
        ]
        for (path, data) in reads {
            router.get(RouterPath(path)) { request, _ in self.signedIn(request) ?? Self.success(data) }
        }
        router.get("/instruments") { request, _ in
            if let refusal = self.signedIn(request) { return refusal }
            if self.state.withLock({ $0.hidesInstruments }) { return Response(status: .badGateway) }
            let text =
                "instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,"
                + "instrument_type,segment,exchange\n408065,1594,INFY,INFOSYS,0.0,,0.0,0.05,1,EQ,NSE,NSE\n"
            return Response(
                status: .ok, headers: [.contentType: "text/csv"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        router.post("/orders/regular") { request, _ in
            if let refusal = self.signedIn(request) { return refusal }
            let number = self.state.withLock { state in
                state.placedWith.append(Self.token(request))
                return state.placedWith.count
            }
            return Self.success(#"{"order_id":"\#(number)"}"#)
        }
        return router
    }

    private func password(_ request: Request) async throws -> Response {
        let body = try await Self.body(request)
        return state.withLock { state in
            state.passwordLogins += 1
            if state.failsWithPage { return Response(status: .badGateway) }
            guard body == "user_id=\(state.userID)&password=\(state.password)" else {
                return Self.failure("UserException", "Invalid username or password.")
            }
            return Self.success(#"{"request_id":"R1","twofa_type":"totp"}"#)
        }
    }

    private func session(_ request: Request) async throws -> Response {
        let body = try await Self.body(request)
        let token = body.split(separator: "&").first { $0.hasPrefix("request_token=") }?.dropFirst(14) ?? ""
        return state.withLock { state in
            guard state.requestTokens.remove(String(token)) != nil else {
                return Self.failure("TokenException", "Token is invalid or has expired.")
            }
            state.number += 1
            let access = "AT\(state.number)"
            state.livingTokens.insert(access)
            return Self.success(
                #"{"user_id":"\#(state.userID)","access_token":"\#(access)","login_time":"\#(now().indianText)"}"#)
        }
    }

    private func signedIn(_ request: Request) -> Response? {
        state.withLock { state in
            if state.livingTokens.contains(Self.token(request)) { return nil }
            state.refusals += 1
            return Self.failure("TokenException", "Incorrect `api_key` or `access_token`.")
        }
    }

    private static func token(_ request: Request) -> String {
        String(request.headers[.authorization]?.split(separator: ":").last ?? "")
    }

    private static func body(_ request: Request) async throws -> String {
        String(buffer: try await request.body.collect(upTo: 65_536))
    }

    private static func success(_ data: String) -> Response { json(.ok, #"{"status":"success","data":\#(data)}"#) }

    private static func failure(_ type: String, _ message: String) -> Response {
        json(.forbidden, #"{"status":"error","message":"\#(message)","data":null,"error_type":"\#(type)"}"#)
    }

    private static func json(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
