import NIOCore
import Testing

@testable import WebSocket

struct OutboxTests {
    private func bytes(_ count: Int) -> ByteBuffer { ByteBuffer(repeating: 1, count: count) }

    @Test func `it never holds more than its limit`() {
        let outbox = Outbox(limit: 10)
        #expect(outbox.offer(bytes(6)).outcome == .accepted)
        #expect(outbox.offer(bytes(5)).outcome == .slow)
        #expect(outbox.offer(bytes(4)).outcome == .accepted)
        #expect(outbox.pendingBytes == 10)
        #expect(outbox.take().map(\.readableBytes) == [6, 4])
        #expect(outbox.offer(bytes(1)).outcome == .slow, "taken is not yet written")
        outbox.didWrite(10)
        #expect(outbox.offer(bytes(10)).outcome == .accepted)
    }

    @Test func `the event loop is woken once until it takes`() {
        let outbox = Outbox(limit: 100)
        #expect([outbox.offer(bytes(1)).wake, outbox.offer(bytes(1)).wake] == [true, false])
        _ = outbox.take()
        #expect(outbox.offer(bytes(1)).wake)
    }

    @Test func `closed, it accepts nothing and keeps what it has`() {
        let outbox = Outbox(limit: 10)
        _ = outbox.offer(bytes(2))
        outbox.close()
        #expect(outbox.offer(bytes(1)).outcome == .closed)
        #expect(outbox.take().count == 1)
    }

    @Test func `a sender waits for room`() async {
        let outbox = Outbox(limit: 10)
        _ = outbox.offer(bytes(10))
        await withTaskGroup { group in
            group.addTask { await outbox.waitForRoom(5) }
            _ = outbox.take()
            outbox.didWrite(10)
            await group.waitForAll()
        }
        #expect(outbox.offer(bytes(5)).outcome == .accepted)
    }

    @Test func `closing and cancelling end the wait`() async {
        let outbox = Outbox(limit: 1)
        _ = outbox.offer(bytes(1))
        await withTaskGroup { group in
            group.addTask { await outbox.waitForRoom(1) }
            group.cancelAll()
            await group.waitForAll()
        }
        async let waiting: Void = outbox.waitForRoom(1)
        outbox.close()
        await waiting
    }
}

struct FlushPacerTests {
    @Test func `a quiet connection writes at once, a busy one at the interval's end`() {
        var pacer = FlushPacer(interval: .milliseconds(10))
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
        for _ in 0..<FlushPacer.burst { #expect(pacer.delay(now: start) == nil) }
        #expect(pacer.delay(now: start + .milliseconds(3)) == start + .milliseconds(10))
        #expect(pacer.delay(now: start + .milliseconds(10)) == nil)
        #expect(pacer.delay(now: start + .milliseconds(500)) == nil)
    }

    @Test func `without an interval nothing waits`() {
        var pacer = FlushPacer(interval: .zero)
        let start = NIODeadline.uptimeNanoseconds(1)
        for _ in 0..<100 { #expect(pacer.delay(now: start) == nil) }
    }
}
