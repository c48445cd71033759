import Synchronization
import Testing

@testable import KiteConnect

/// A book that a test writes and a pool reads.
final class TestBook: Sendable {
    private struct State {
        var rows: [String: OrderFixture.State] = [:]
        var readings = 0
        var failures = 0
        var stale: [[String: OrderFixture.State]] = []
    }

    private let state = Mutex(State())

    var rows: [String: OrderFixture.State] { state.withLock { $0.rows } }
    var readings: Int { state.withLock { $0.readings } }

    func write(_ row: OrderFixture.State) { state.withLock { $0.rows[row.id] = row } }

    /// The next readings fail.
    func fail(times: Int) { state.withLock { $0.failures = times } }

    /// The next readings give what the book has now, whatever is written.
    func freeze(times: Int) { state.withLock { $0.stale = Array(repeating: $0.rows, count: times) } }

    func read() throws(KiteError) -> [KiteOrder] {
        let rows = state.withLock { state -> [OrderFixture.State]? in
            state.readings += 1
            if state.failures > 0 {
                state.failures -= 1
                return nil
            }
            return Array((state.stale.isEmpty ? state.rows : state.stale.removeFirst()).values)
        }
        guard let rows else { throw KiteError(.network, effect: .none, message: "the order system is away") }
        var orders: [KiteOrder] = []
        for row in rows.sorted(by: { $0.id < $1.id }) {
            guard let order = try? OrderFixture.order(row) else { throw .unreadable("fixture") }
            orders.append(order)
        }
        return orders
    }

    var context: KiteTickerContext {
        KiteTickerContext(orderBook: { () async throws(KiteError) in try self.read() })
    }
}

@Suite(.timeLimit(.minutes(1))) struct OrderBookReadingTests {
    typealias State = OrderFixture.State

    private static func update(_ ticker: KiteTicker) async throws -> String? {
        guard let update = try await next(ticker.orderUpdates) else { return nil }
        let order = update.order
        return "\(order.orderID) \(order.status.rawValue) \(order.filledQuantity) \(update.source)"
    }

    private static func event(_ ticker: KiteTicker) async throws -> KiteTickerEvent? { try await next(ticker.events) }

    @Test func `what was missed while disconnected is told out of the book, and nothing twice`() async throws {
        let (first, second, time, book) = (FakeLink(), FakeLink(), ManualTime(), TestBook())
        book.write(State(id: "1", status: "COMPLETE", filled: 1000))
        book.write(State(id: "2", filled: 3))
        try await withTicker(FakeTransport([.link(first), .link(second)]), time, context: book.context) { ticker in
            #expect(try await Self.event(ticker) == .connected)
            #expect(try await Self.update(ticker) == "1 COMPLETE 1000 book")
            #expect(try await Self.update(ticker) == "2 OPEN 3 book")
            #expect(try await Self.event(ticker) == .orderBookRead(orders: 2, news: 2))
            first.push(OrderFixture.message(State(id: "2", status: "UPDATE", filled: 5, second: 10)))
            #expect(try await Self.update(ticker) == "2 UPDATE 5 message")
            book.write(State(id: "2", status: "CANCELLED", filled: 7, second: 20))
            book.write(State(id: "3", second: 21))
            first.hangUp()
            guard case .disconnected? = try await Self.event(ticker) else { return }
            await time.untilSomebodySleeps(until: .milliseconds(500))
            time.advance(by: .milliseconds(500))
            #expect(try await Self.event(ticker) == .connected)
            #expect(try await Self.event(ticker) == .orderBookRead(orders: 3, news: 2))
            #expect(try await Self.update(ticker) == "2 CANCELLED 7 book")
            #expect(try await Self.update(ticker) == "3 OPEN 0 book")
            // A message that was on its way when the book was read.
            second.push(OrderFixture.message(State(id: "2", status: "UPDATE", filled: 6, second: 15)))
            second.push(OrderFixture.message(State(id: "4", second: 30)))
            #expect(try await Self.update(ticker) == "4 OPEN 0 message")
        }
    }

    @Test func `a book that cannot be read is asked for again, more slowly each time, until it can`() async throws {
        let (link, time, book) = (FakeLink(), ManualTime(), TestBook())
        book.write(State(id: "1"))
        book.fail(times: 3)
        try await withTicker(FakeTransport([.link(link)]), time, context: book.context) { ticker in
            #expect(try await Self.event(ticker) == .connected)
            for delay in [Duration.milliseconds(500), .seconds(1), .seconds(2)] {
                guard case .orderBookFailed(let error, let retryIn)? = try await Self.event(ticker) else {
                    Issue.record("the failure was not reported")
                    return
                }
                #expect(error.code == .network && retryIn == delay)
                await time.untilSomebodySleeps(until: time.now + delay)
                link.push([0])
                while ticker.silence != .zero { await Task.yield() }
                time.advance(by: delay)
            }
            #expect(try await Self.event(ticker) == .orderBookRead(orders: 1, news: 1))
            #expect(try await Self.update(ticker) == "1 OPEN 0 book")
        }
    }

    @Test func `a book that is behind the messages is read again and never told`() async throws {
        let (first, second, time, book) = (FakeLink(), FakeLink(), ManualTime(), TestBook())
        book.write(State(id: "1", filled: 3, second: 1))
        try await withTicker(FakeTransport([.link(first), .link(second)]), time, context: book.context) { ticker in
            #expect(try await Self.event(ticker) == .connected)
            #expect(try await Self.event(ticker) == .orderBookRead(orders: 1, news: 1))
            book.freeze(times: 2)
            book.write(State(id: "1", status: "COMPLETE", filled: 1000, second: 9))
            first.push(OrderFixture.message(State(id: "1", status: "UPDATE", filled: 5, second: 5)))
            #expect(try await Self.update(ticker) == "1 OPEN 3 book")
            #expect(try await Self.update(ticker) == "1 UPDATE 5 message")
            first.hangUp()
            guard case .disconnected? = try await Self.event(ticker) else { return }
            await time.untilSomebodySleeps(until: .milliseconds(500))
            time.advance(by: .milliseconds(500))
            #expect(try await Self.event(ticker) == .connected)
            for delay in [Duration.milliseconds(500), .seconds(1)] {
                await time.untilSomebodySleeps(until: time.now + delay)
                time.advance(by: delay)
            }
            #expect(try await Self.event(ticker) == .orderBookRead(orders: 1, news: 1))
            #expect(try await Self.update(ticker) == "1 COMPLETE 1000 book")
            #expect(book.readings == 4)
        }
    }

    @Test func `an order that the book never has is reported once and let be`() async throws {
        let (first, second, time, book) = (FakeLink(), FakeLink(), ManualTime(), TestBook())
        var options = KiteTickerOptions()
        options.firstBookDelay = .zero
        let transport = FakeTransport([.link(first), .link(second)])
        try await withTicker(transport, time, options: options, context: book.context) { ticker in
            #expect(try await Self.event(ticker) == .connected)
            #expect(try await Self.event(ticker) == .orderBookRead(orders: 0, news: 0))
            first.push(OrderFixture.message(State(id: "1")))
            #expect(try await Self.update(ticker) == "1 OPEN 0 message")
            first.push(#"{"type":"order","data":{"order_id":"2","status":5}}"#)
            guard case .unreadable? = try await Self.event(ticker) else {
                Issue.record("the unreadable order was not reported")
                return
            }
            // An order message that cannot be read has the book read as well.
            for _ in 0..<4 {
                while time.dueTimes.filter({ $0 == time.now }).isEmpty { await Task.yield() }
                time.advance(by: .zero)
            }
            #expect(try await Self.event(ticker) == .orderBookRead(orders: 0, news: 0))
            #expect(try await Self.event(ticker) == .orderBookBehind(orders: 1))
            #expect(book.readings == 6)
            first.push(#"{"type":"order","data":null}"#)
            guard case .unreadable? = try await Self.event(ticker) else { return }
            #expect(try await Self.event(ticker) == .orderBookRead(orders: 0, news: 0))
            #expect(book.readings == 7)
        }
    }

    @Test func `noise on a connection is reported a bounded number of times and the connection stays`() async throws {
        let (link, time) = (FakeLink(), ManualTime())
        try await withTicker(FakeTransport([.link(link)]), time) { ticker in
            try await ticker.subscribe([1])
            #expect(try await Self.event(ticker) == .connected)
            for number in UInt8(0)..<200 {
                link.push([0, 1, 0, 3, number, number, number])
                link.push("noise \(number)")
            }
            link.push(PacketFixture.message([PacketFixture.lastPrice(1, 5)]))
            while ticker.latest(1) == nil { await Task.yield() }
            link.push(#"{"type":"message","data":"end"}"#)
            var count = 0
            while let event = try await Self.event(ticker), event != .message("end") { count += 1 }
            #expect(count == 16)
            #expect(await ticker.state == .connected)
        }
    }
}
