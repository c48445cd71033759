import Synchronization
import Testing

@testable import WebSocket

struct InboxTests {
    private let end = WebSocketClosure(code: .normal, origin: .peer)

    @Test func `messages come in order and then the end`() async {
        let inbox = Inbox(limit: 1000)
        for text in ["a", "b"] { inbox.deliver(.text(text)) }
        inbox.finish(end)
        inbox.deliver(.text("late"))
        var seen: [WebSocketMessage] = []
        for await message in WebSocketMessages(inbox: inbox) { seen.append(message) }
        #expect(seen == [.text("a"), .text("b")])
        #expect(inbox.closure == end)
        #expect(await inbox.next() == nil)
    }

    @Test func `the first end counts`() {
        let inbox = Inbox(limit: 1000)
        inbox.finish(end)
        inbox.finish(WebSocketClosure(code: .abnormal, origin: .lost))
        #expect(inbox.closure == end)
    }

    @Test func `a waiting reader gets what arrives`() async {
        let inbox = Inbox(limit: 1000)
        async let first = inbox.next()
        inbox.deliver(.text("a"))
        #expect(await first == .text("a"))
        async let second = inbox.next()
        inbox.finish(end)
        #expect(await second == nil)
    }

    @Test func `a cancelled reader stops waiting and loses no message`() async {
        let inbox = Inbox(limit: 1000)
        await withTaskGroup { group in
            group.addTask { await inbox.next() }
            group.cancelAll()
            #expect(await group.next() == .some(nil))
        }
        inbox.deliver(.text("kept"))
        #expect(await inbox.next() == .text("kept"))
    }

    @Test func `a full inbox pauses once and asks for more when half empty`() async {
        let inbox = Inbox(limit: 1024)
        let resumed = Mutex(0)
        inbox.onResume { resumed.withLock { $0 += 1 } }
        for _ in 0..<4 {
            #expect(!inbox.pauseIfFull())
            inbox.deliver(.text(""))
        }
        #expect(inbox.pauseIfFull())
        _ = await inbox.next()
        #expect(resumed.withLock { $0 } == 0)
        _ = await inbox.next()
        #expect(resumed.withLock { $0 } == 1)
        _ = await inbox.next()
        #expect(resumed.withLock { $0 } == 1)
    }
}
