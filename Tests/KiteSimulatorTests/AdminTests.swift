import JSON
import NIOCore
import PaperExchange
import Testing
import Trading
import WebSocket

@testable import KiteSimulator

@Suite(.timeLimit(.minutes(1))) struct AdminTests {
    @Test(arguments: [nil, "Bearer wrong", "Bearer ", "Basic admin-secret-of-tests", "admin-secret-of-tests"])
    func `nobody gets in without the secret`(authorization: String?) async throws {
        try await withKite { running in
            for (method, path) in [
                ("GET", "/faults"), ("POST", "/faults"), ("GET", "/ledger"), ("POST", "/reset"), ("GET", "/nowhere"),
                ("GET", "/"),
            ] {
                let answer = try await running.admin(method, path, authorization: authorization)
                #expect(answer.status == 401)
                #expect(try answer.json.at("message")?.string?.isEmpty == false)
            }
            #expect(try await running.admin("GET", "/faults").status == 200)
        }
    }

    @Test func `the exchange's own port serves none of it`() async throws {
        try await withKite { running in
            for path in ["/faults", "/ledger", "/counts", "/sessions"] {
                let answer = try await running.call("GET", path)
                #expect(answer.status == 404)
            }
        }
    }

    @Test(
        arguments: [
            ("GET", "/nowhere", nil, 404, "path"), ("PUT", "/faults", nil, 405, "method"),
            ("POST", "/faults", "{", 400, "body"), ("POST", "/faults", "[]", 400, "body"),
            ("POST", "/faults", #"{"fault":"outage","times":0}"#, 400, "times"),
            ("POST", "/faults", #"{"faults":[{"fault":"outage"},{"fault":"x"}]}"#, 400, "faults[1].fault"),
            ("POST", "/faults", #"{"faults":[1]}"#, 400, "faults[0]"), ("DELETE", "/faults/77", nil, 404, "id"),
            ("POST", "/clock", "{}", 400, "offset_seconds"),
            ("POST", "/clock", #"{"offset_seconds":"9"}"#, 400, "offset_seconds"),
            ("POST", "/clock", #"{"offset_seconds":1e99}"#, 400, "offset_seconds"),
            ("POST", "/clock", #"{"offset":9}"#, 400, "offset"),
            ("POST", "/tickers/disconnect", #"{"connection":5}"#, 404, "connection"),
            ("POST", "/tickers/disconnect", #"{"abruptly":"yes"}"#, 400, "abruptly"),
            ("POST", "/sessions/expire", #"{"user_id":"ZZ9999"}"#, 404, "user_id"),
            ("POST", "/sessions/expire", #"{"api_key":"other"}"#, 404, "api_key"),
            ("GET", "/ledger?limit=0", nil, 400, "limit"), ("GET", "/ledger?kind=trade", nil, 400, "kind"),
            ("POST", "/reset", #"{"hard":true}"#, 400, "hard"),
        ] as [(String, String, String?, Int, String)])
    func `what is wrong is named`(
        method: String, path: String, body: String?, status: Int, field: String
    ) async throws {
        try await withKite { running in
            let answer = try await running.admin(method, path, body)
            #expect(answer.status == status)
            #expect(answer.contentType == "application/json")
            #expect(try answer.json.at("field")?.string == field)
            #expect(running.kite.faults.statuses.isEmpty)
        }
    }

    @Test func `faults are added, counted, listed and cleared`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let added = try await running.admin("POST", "/faults", #"{"spec":"status=503:/orders:times=2"}"#)
            #expect(added.status == 201)
            let id = try #require(try added.json.at("faults")?.array?.first?.at("id")?.number?.int)
            _ = try await running.admin("POST", "/faults", #"{"fault":"hide-orders","value":"8s"}"#)
            for _ in 0..<3 { _ = try await running.call("GET", "/orders", session: session) }
            let listed = try #require(try await running.admin("GET", "/faults").json.at("faults")?.array)
            #expect(listed.compactMap { $0.at("spec")?.string } == ["status=503:/orders:times=2", "hide-orders=8s"])
            #expect(listed.compactMap { $0.at("fired")?.number?.int } == [2, 3])
            #expect(listed.compactMap { $0.at("active")?.bool } == [false, true])
            #expect(try await running.admin("GET", "/faults/\(id)").json.at("fault", "fired")?.number?.int == 2)
            #expect(try await running.admin("DELETE", "/faults/\(id + 1)").status == 200)
            let cleared = try await running.admin("DELETE", "/faults")
            #expect(try cleared.json.at("faults") == .array([]))
        }
    }

    @Test func `the ledger tells what took effect and what was answered`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            _ = try await running.admin("POST", "/faults", #"{"spec":"drop-response:placing:times=1"}"#)
            await #expect(throws: (any Error).self) {
                try await running.call(
                    "POST", "/orders/regular", session: session,
                    form: try running.form(extra: "&market_protection=-1&tag=lost"))
            }
            let price = try await running.restingPrice()
            let id = try await running.call(
                "POST", "/orders/regular", session: session,
                form: try running.form(type: "LIMIT", extra: "&price=\(price)&tag=kept")
            ).orderID
            _ = try await running.call(
                "PUT", "/orders/regular/\(id)", session: session,
                form: "price=\(price - (try running.future.tickSize))")
            _ = try await running.call("DELETE", "/orders/regular/\(id)", session: session)
            _ = try await running.call("POST", "/orders/regular", session: session, form: try running.form(extra: ""))
            let page = try await running.admin("GET", "/ledger")
            let entries = try #require(try page.json.at("entries")?.array)
            #expect(
                entries.compactMap { $0.at("kind")?.string } == [
                    "placement", "placement", "modification", "cancellation",
                ])
            #expect(entries.compactMap { $0.at("number")?.number?.int } == [1, 2, 3, 4])
            #expect(entries.allSatisfy { $0.at("origin")?.string == "request" })
            let lost = entries[0]
            #expect(lost.at("tag")?.string == "lost")
            #expect(lost.at("order_type")?.string == "MARKET")
            #expect(lost.at("price") == .null)
            #expect(lost.at("request", "api_key")?.string == "key1")
            #expect(lost.at("answer", "http_status") == .null)
            #expect(lost.at("answer", "fault")?.string == "drop-response")
            #expect(entries[1].at("answer", "http_status")?.number?.int == 200)
            #expect(entries[1].at("order_id")?.string == id)
            let one = try await running.admin("GET", "/ledger?after=1&limit=1&user_id=AB1234&tag=kept")
            #expect(try one.json.at("entries")?.array?.first?.at("number")?.number?.int == 2)
            #expect(try await running.admin("GET", "/ledger?user_id=CD5678").json.at("entries") == .array([]))
            #expect(!String(decoding: page.body, as: UTF8.self).contains(session.suffix(32)))
        }
    }

    @Test func `an order that may not wait is cancelled by the exchange, not by the user`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let price = try await running.restingPrice()
            _ = try await running.call(
                "POST", "/orders/regular", session: session,
                form: try running.form(type: "LIMIT", extra: "&price=\(price)&validity=IOC"))
            #expect(running.kite.ledger.entries().map(\.effect.kind) == [.placement, .cancellation])
            #expect(running.kite.ledger.entries().map(\.isAsked) == [true, false])
        }
    }

    @Test func `counts tell requests by route and status`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let id = try await running.call("POST", "/orders/regular", session: session, form: try running.form())
                .orderID
            for _ in 0..<2 { _ = try await running.call("GET", "/orders/\(id)", session: session) }
            _ = try await running.call("GET", "/orders/\(id)")
            let counts = try await running.admin("GET", "/counts").json
            func count(_ route: String, _ status: Int) -> Int? {
                counts.at("requests")?.array?.first {
                    $0.at("route")?.string == route && $0.at("http_status")?.number?.int == status
                }?.at("count")?.number?.int
            }
            #expect(count("GET /orders/:id", 200) == 2)
            #expect(count("GET /orders/:id", 403) == 1)
            #expect(count("POST /orders/regular", 200) == 1)
            #expect(counts.at("placements")?.number?.int == 1)
        }
    }

    @Test func `the clock is set off and back`() async throws {
        try await withKite { running in
            let set = try await running.admin("POST", "/clock", #"{"offset_seconds":-90.5}"#)
            #expect(try set.json.at("offset_seconds")?.number?.double == -90.5)
            let expected = running.clock.now.advanced(by: .milliseconds(-90_500)).indianText
            #expect(try await running.admin("GET", "/clock").json.at("time")?.string == expected)
            _ = try await running.admin("POST", "/reset")
            #expect(try await running.admin("GET", "/clock").json.at("offset_seconds")?.number?.int == 0)
        }
    }

    @Test func `sessions end at once, with their ticker connections`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let other = try await running.signIn("CD5678")
            let connection = try await running.ticker(session)
            while await running.kite.tickerConnections < 1 { await Task.yield() }
            let listed = try await running.admin("GET", "/sessions")
            #expect(try listed.json.at("sessions")?.array?.count == 2)
            #expect(!String(decoding: listed.body, as: UTF8.self).contains(session.suffix(32)))
            let ended = try await running.admin("POST", "/sessions/expire", #"{"user_id":"AB1234"}"#)
            #expect(try ended.json.at("expired")?.number?.int == 1)
            #expect(await connection.waitUntilClosed().code == .policyViolation)
            let refused = try await running.call("GET", "/user/profile", session: session)
            #expect(refused.status == 403)
            #expect(try refused.errorType == "TokenException")
            #expect(try await running.call("GET", "/user/profile", session: other).status == 200)
        }
    }

    @Test(arguments: [(#"{"connection":1,"abruptly":true}"#, WebSocketCloseCode.abnormal), ("{}", .goingAway)])
    func `ticker connections are listed and cut`(body: String, code: WebSocketCloseCode) async throws {
        try await withKite { running in
            let connection = try await running.ticker(try await running.signIn())
            while await running.kite.tickerConnections < 1 { await Task.yield() }
            let listed = try await running.admin("GET", "/tickers").json.at("connections")?.array
            #expect(listed?.first?.at("user_id")?.string == "AB1234")
            #expect(listed?.first?.at("connection")?.number?.int == 1)
            let cut = try await running.admin("POST", "/tickers/disconnect", body)
            #expect(try cut.json.at("disconnected")?.number?.int == 1)
            #expect(await connection.waitUntilClosed().code == code)
        }
    }

    @Test func `a reset forgets faults, ledger and counts but no order`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            _ = try await running.call("POST", "/orders/regular", session: session, form: try running.form())
            _ = try await running.admin("POST", "/faults", #"{"spec":"outage"}"#)
            #expect(try await running.admin("POST", "/reset").status == 200)
            #expect(try await running.admin("GET", "/ledger").json.at("entries") == .array([]))
            #expect(try await running.admin("GET", "/faults").json.at("faults") == .array([]))
            #expect(try await running.admin("GET", "/counts").json.at("requests") == .array([]))
            #expect(try await running.call("GET", "/orders", session: session).data.array?.count == 1)
        }
    }
}
