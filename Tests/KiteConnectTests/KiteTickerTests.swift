import Testing

@testable import KiteConnect

@Suite(.timeLimit(.minutes(1))) struct KiteTickerTests {
    private static let infy: UInt32 = 408_065
    private static let nifty: UInt32 = 256_265

    private static func event(_ ticker: KiteTicker) async -> KiteTickerEvent? {
        var iterator = ticker.events.makeAsyncIterator()
        return await iterator.next()
    }

    private static func sent(_ link: FakeLink) async -> String? {
        var iterator = link.sent.makeAsyncIterator()
        return await iterator.next()
    }

    private static func orderMessage(_ number: Int) -> String {
        """
        {"type":"order","data":{"order_id":"\(number)","status":"UPDATE","exchange":"NSE","tradingsymbol":"INFY",\
        "transaction_type":"BUY","quantity":10,"filled_quantity":3,"instrument_token":408065,"user_id":"AB1234"}}
        """
    }

    @Test func `subscriptions are sent on connecting, changed while connected, restored after a loss`() async throws {
        let (first, second, time) = (FakeLink(), FakeLink(), ManualTime())
        try await withTicker(FakeTransport([.link(first), .link(second)]), time) { ticker in
            try await ticker.subscribe([Self.infy], mode: .full)
            #expect(await Self.event(ticker) == .connected)
            #expect(await Self.sent(first) == #"{"a":"subscribe","v":[408065]}"#)
            #expect(await Self.sent(first) == #"{"a":"mode","v":["full",[408065]]}"#)
            try await ticker.subscribe([Self.nifty], mode: .quote)
            #expect(await Self.sent(first) == #"{"a":"subscribe","v":[256265]}"#)
            #expect(await Self.sent(first) == #"{"a":"mode","v":["quote",[256265]]}"#)
            first.hangUp()
            #expect(
                await Self.event(ticker)
                    == .disconnected(.closed(code: 1001, reason: "going away"), retryIn: .milliseconds(500)))
            await ticker.unsubscribe([Self.infy])
            await ticker.setMode(.full, of: [Self.nifty, Self.infy])
            #expect(await ticker.subscribed == [Self.nifty: .full])
            await time.untilSomebodySleeps(until: .milliseconds(500))
            time.advance(by: .milliseconds(500))
            #expect(await Self.event(ticker) == .connected)
            #expect(await Self.sent(second) == #"{"a":"subscribe","v":[256265]}"#)
            #expect(await Self.sent(second) == #"{"a":"mode","v":["full",[256265]]}"#)
        }
    }

    @Test func `a silent connection is given up after five seconds, a heartbeat keeps it`() async throws {
        let (first, second, time) = (FakeLink(), FakeLink(), ManualTime())
        try await withTicker(FakeTransport([.link(first), .link(second)]), time) { ticker in
            #expect(await Self.event(ticker) == .connected)
            await time.untilSomebodySleeps(until: .seconds(5))
            time.advance(by: .seconds(4))
            first.push([0])
            while ticker.silence != .zero { await Task.yield() }
            time.advance(by: .seconds(1))
            await time.untilSomebodySleeps(until: .seconds(9))
            #expect(await ticker.state == .connected)
            time.advance(by: .seconds(4))
            #expect(await Self.event(ticker) == .disconnected(.silent(.seconds(5)), retryIn: .milliseconds(500)))
            await time.untilSomebodySleeps(until: .seconds(9.5))
            time.advance(by: .milliseconds(500))
            #expect(await Self.event(ticker) == .connected)
        }
    }

    @Test func `a refused session is reported, retried slowly, and at once with a new token`() async throws {
        let (link, time) = (FakeLink(), ManualTime())
        let transport = FakeTransport([.loss(.refused(status: 403)), .loss(.refused(status: 403)), .link(link)])
        try await withTicker(transport, time) { ticker in
            #expect(await Self.event(ticker) == .disconnected(.refused(status: 403), retryIn: .seconds(15)))
            await time.untilSomebodySleeps(until: .seconds(15))
            time.advance(by: .seconds(15))
            #expect(await Self.event(ticker) == .disconnected(.refused(status: 403), retryIn: .seconds(30)))
            await time.untilSomebodySleeps(until: .seconds(45))
            await ticker.update(accessToken: "fresh one")
            #expect(await Self.event(ticker) == .connected)
            #expect(
                transport.endpoints.map(\.url) == [
                    "wss://ws.kite.trade/?api_key=thekey&access_token=thetoken",
                    "wss://ws.kite.trade/?api_key=thekey&access_token=thetoken",
                    "wss://ws.kite.trade/?api_key=thekey&access_token=fresh%20one",
                ])
        }
    }

    @Test func `a new token replaces a standing connection`() async throws {
        let (first, second, time) = (FakeLink(), FakeLink(), ManualTime())
        let transport = FakeTransport([.link(first), .link(second)])
        try await withTicker(transport, time) { ticker in
            #expect(await Self.event(ticker) == .connected)
            await ticker.update(accessToken: "fresh")
            #expect(await Self.event(ticker) == .disconnected(.renewed, retryIn: .zero))
            #expect(await Self.event(ticker) == .connected)
            #expect(transport.endpoints.last?.url.hasSuffix("access_token=fresh") == true)
        }
    }

    @Test func `a slow reader gets the latest tick of each instrument`() async throws {
        let (link, time) = (FakeLink(), ManualTime())
        try await withTicker(FakeTransport([.link(link)]), time) { ticker in
            try await ticker.subscribe([Self.infy, Self.nifty], mode: .ltp)
            #expect(ticker.latest(Self.infy) == nil && ticker.age(of: Self.infy) == nil)
            for price in UInt32(1)...1000 {
                link.push(
                    PacketFixture.message([
                        PacketFixture.lastPrice(Self.infy, price), PacketFixture.lastPrice(999, price),
                    ]))
            }
            link.push(PacketFixture.message([PacketFixture.lastPrice(Self.nifty, 7)]))
            while ticker.latest(Self.nifty) == nil { await Task.yield() }
            var reader = ticker.ticks.makeAsyncIterator()
            let batch = try #require(await reader.next())
            #expect(batch.map(\.instrumentToken) == [Self.infy, Self.nifty])
            #expect(batch.map(\.rawLastPrice) == [1000, 7])
            time.advance(by: .seconds(2))
            #expect(ticker.age(of: Self.infy) == .seconds(2))
            #expect(ticker.latest(999) == nil)
            await ticker.unsubscribe([Self.infy])
            #expect(ticker.latest(Self.infy) == nil)
        }
    }

    @Test func `no order message is dropped however late the reader is`() async throws {
        let (link, time) = (FakeLink(), ManualTime())
        try await withTicker(FakeTransport([.link(link)]), time) { ticker in
            for number in 1...5000 { link.push(Self.orderMessage(number)) }
            var reader = ticker.orderUpdates.makeAsyncIterator()
            for number in 1...5000 {
                let update = try #require(await reader.next())
                #expect(update.order.orderID == String(number))
                #expect(update.order.status == .update && !update.order.status.isFinal)
                #expect(update.userID == "AB1234" && update.order.filledQuantity == 3)
            }
        }
    }

    @Test func `errors, messages and what cannot be read are events`() async throws {
        let (link, time) = (FakeLink(), ManualTime())
        try await withTicker(FakeTransport([.link(link)]), time) { ticker in
            #expect(await Self.event(ticker) == .connected)
            link.push(#"{"type":"error","data":"too many instruments"}"#)
            #expect(await Self.event(ticker) == .serverError("too many instruments"))
            link.push(#"{"type":"message","data":"hello"}"#)
            #expect(await Self.event(ticker) == .message("hello"))
            for text in ["nonsense", #"{"type":"new","data":1}"#, #"{"type":"order","data":{"status":"OPEN"}}"#] {
                link.push(text)
                guard case .unreadable(let error)? = await Self.event(ticker) else {
                    Issue.record("no event for \(text)")
                    continue
                }
                #expect(error.code == .invalidResponse)
            }
            link.push([0, 2, 0, 8, 1])
            #expect(
                await Self.event(ticker) == .malformed(.cutShort(packet: 1, of: 2, bytesMissing: 7)))
        }
    }

    @Test func `instruments beyond the limit are refused and change nothing`() async throws {
        let ticker = KiteTicker(configuration: KiteConfiguration(apiKey: "thekey"))
        try await ticker.subscribe(UInt32(1)...3000)
        try await ticker.subscribe(UInt32(1)...3000, mode: .ltp)
        let error = await #expect(throws: KiteError.self) { try await ticker.subscribe([3001]) }
        #expect(error?.code == .input)
        #expect(error?.effect == KiteError.Effect.none)
        #expect(await ticker.subscribed.count == 3000)
    }

    @Test func `cancelling ends the run and every stream`() async throws {
        let (link, time) = (FakeLink(), ManualTime())
        let ticker = KiteTicker(
            configuration: KiteConfiguration(apiKey: "thekey"),
            parts: TickerParts(transport: FakeTransport([.link(link)]), timing: time.timing()))
        await withTaskGroup(of: Int.self) { group in
            group.addTask {
                await ticker.run()
                return 0
            }
            group.addTask {
                var count = 0
                for await _ in ticker.ticks { count += 1 }
                for await _ in ticker.orderUpdates { count += 1 }
                for await _ in ticker.events { count += 1 }
                return count
            }
            while await ticker.state != .connected { await Task.yield() }
            group.cancelAll()
            for await _ in group {}
        }
        #expect(await ticker.state == .stopped)
    }
}
