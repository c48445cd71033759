import AsyncHTTPClient
import JSON
import NIOCore
import Testing
import Trading

@testable import KiteSimulator

@Suite struct FaultsTests {
    @Test func `a dropped answer leaves the order placed, a dropped request does not`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let form = try running.form()
            running.kite.faults.inject(.dropConnection(.beforeEffect), into: .placing)
            await #expect(throws: (any Error).self) {
                try await running.call("POST", "/orders/regular", session: session, form: form)
            }
            #expect(try await running.call("GET", "/orders", session: session).data == .array([]))
            running.kite.faults.inject(.dropConnection(.afterEffect), into: .placing)
            await #expect(throws: (any Error).self) {
                try await running.call("POST", "/orders/regular", session: session, form: form)
            }
            #expect(try await running.call("GET", "/orders", session: session).data.array?.count == 1)
        }
    }

    @Test func `a request can be left without any answer`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            running.kite.faults.inject(.stopAnswering(.afterEffect), into: .placing)
            await #expect(throws: (any Error).self) {
                try await running.call(
                    "POST", "/orders/regular", session: session, form: try running.form(), timeout: .milliseconds(200))
            }
            #expect(try await running.call("GET", "/orders", session: session).data.array?.count == 1)
            running.kite.faults.clear()
            #expect(running.kite.faults.heldRequests == 0)
        }
    }

    @Test func `error answers and proxy pages come as often as asked for`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            running.kite.faults.inject(.status(503, .beforeEffect), into: .path("/orders"), times: 2)
            running.kite.faults.inject(.page(502, .beforeEffect), into: .path("/orders"))
            for _ in 0..<2 {
                let answer = try await running.call("GET", "/orders", session: session)
                #expect(answer.status == 503)
                #expect(try answer.errorType == "NetworkException")
            }
            let page = try await running.call("GET", "/orders", session: session)
            #expect(page.status == 502)
            #expect(page.contentType?.hasPrefix("text/html") == true)
            #expect(try await running.call("GET", "/orders", session: session).status == 200)
        }
    }

    @Test func `a delayed answer is the right one`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            running.kite.faults.inject(.delay(.milliseconds(150)))
            let start = ContinuousClock.now
            #expect(try await running.call("GET", "/user/profile", session: session).status == 200)
            #expect(ContinuousClock.now - start >= .milliseconds(150))
        }
    }

    @Test func `young orders can be kept out of the book`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            running.kite.faults.hideOrders(youngerThan: .seconds(30))
            let id = try await running.call("POST", "/orders/regular", session: session, form: try running.form())
                .orderID
            #expect(try await running.call("GET", "/orders", session: session).data == .array([]))
            #expect(try await running.call("GET", "/orders/\(id)", session: session).status == 400)
            running.clock.advance(by: .seconds(30))
            #expect(try await running.call("GET", "/orders", session: session).data.array?.count == 1)
        }
    }
}
