import NIOCore
import NIOHTTP1
import Testing

@testable import WebServer

struct ExchangeQueueTests {
    private func head(
        _ method: HTTPMethod = .GET, _ headers: HTTPHeaders = [:], version: HTTPVersion = .http1_1
    ) -> HTTPRequestHead {
        HTTPRequestHead(version: version, method: method, uri: "/", headers: headers)
    }

    @Test func `an upgrade needs both headers, or CONNECT`() {
        #expect(Exchange(head(.GET, ["Connection": "keep-alive, Upgrade", "Upgrade": "h2c"])).asksUpgrade)
        #expect(Exchange(head(.CONNECT)).asksUpgrade)
        #expect(!Exchange(head(.GET, ["Connection": "Upgrade"])).asksUpgrade)
        #expect(!Exchange(head(.GET, ["Upgrade": "websocket"])).asksUpgrade)
    }

    @Test func `reading rests only while an upgrade is undecided`() {
        var queue = ExchangeQueue()
        queue.begin(head(.GET, ["Connection": "Upgrade", "Upgrade": "h2c"]))
        #expect(!queue.awaitsUpgradeDecision, "the request's own rest must come in")
        queue.received()
        #expect(queue.awaitsUpgradeDecision)
        #expect(queue.finishFirst()?.asksUpgrade == true)
        #expect(!queue.awaitsUpgradeDecision)
    }

    @Test func `nothing is accepted behind a request that closes`() {
        var queue = ExchangeQueue()
        queue.begin(head(.GET, [:], version: .http1_0))
        #expect(!queue.acceptsRequests)
    }

    @Test func `a request that will never be whole is forgotten unless its answer has begun`() {
        var queue = ExchangeQueue()
        let nothing = queue.dropUnreceived()
        #expect(nothing, "there is nothing to drop")
        queue.begin(head())
        queue.received()
        queue.begin(head(.POST))
        let second = queue.dropUnreceived()
        #expect(second)
        #expect(queue.first?.isReceived == true)
        #expect(queue.finishFirst() != nil)
        queue.begin(head(.POST))
        queue.answering(closes: true)
        let answered = queue.dropUnreceived()
        #expect(!answered)
        #expect(queue.finishFirst()?.closes == true)
    }
}

struct IdleWatchTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    @Test func `what is owed longest decides`() {
        var watch = IdleWatch(timeout: .seconds(60))
        #expect(watch.verdict(now: start) == .lookAgain(start + .seconds(60)), "nothing is owed")
        watch.waitingSince = start
        watch.stalledSince = start - .seconds(10)
        #expect(watch.verdict(now: start) == .lookAgain(start + .seconds(50)))
        #expect(watch.verdict(now: start + .seconds(50)) == .expired)
        watch.stalledSince = nil
        #expect(watch.verdict(now: start + .seconds(59)) == .lookAgain(start + .seconds(60)))
        #expect(watch.verdict(now: start + .seconds(60)) == .expired)
    }
}

struct HTTPDateTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
    ])
    func `a moment as RFC 9110 writes it`(seconds: Int, text: String) {
        #expect(HTTPDateCache.format(secondsSince1970: seconds) == text)
        #expect(HTTPDateCache { seconds }.text == text)
    }
}
