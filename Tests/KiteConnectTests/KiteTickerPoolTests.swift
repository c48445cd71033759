import Synchronization
import Testing

@testable import KiteConnect

@Suite(.timeLimit(.minutes(2))) struct KiteTickerPoolTests {
    private static func parts(
        _ venue: TickerVenue, _ time: ManualTime, limit: Int = 3000, context: KiteTickerContext = KiteTickerContext()
    ) -> TickerParts {
        var options = KiteTickerOptions()
        options.instrumentLimit = limit
        return TickerParts(options: options, context: context, transport: venue, timing: time.timing())
    }

    private static func event(_ pool: KiteTickerPool) async throws -> KiteTickerPoolEvent? {
        try await next(pool.events)
    }

    private static func until(_ condition: () async -> Bool) async {
        while await !condition() { await Task.yield() }
    }

    @Test func `connections are opened as needed, closed when empty and opened again`() async throws {
        let (venue, time) = (TickerVenue(), ManualTime())
        try await withPool(Self.parts(venue, time, limit: 2)) { pool in
            #expect(try await Self.event(pool) == KiteTickerPoolEvent(connection: 0, event: .connected))
            await Self.until { await pool.states == [.connected, .resting, .resting] }
            try await pool.subscribe(UInt32(1)...3, mode: .quote)
            #expect(try await Self.event(pool) == KiteTickerPoolEvent(connection: 1, event: .connected))
            #expect(await pool.connection(of: 3) == 1)
            await Self.until { venue.open.map(\.view.modes) == [[1: .quote, 2: .quote], [3: .quote]] }
            await pool.unsubscribe([1, 3])
            #expect(try await Self.event(pool) == KiteTickerPoolEvent(connection: 1, event: .rested))
            await Self.until { venue.open.map(\.view.modes) == [[2: .quote]] }
            // Freed room is used before another connection is.
            try await pool.subscribe([4], mode: .ltp)
            #expect(await pool.connection(of: 4) == 0)
            try await pool.subscribe([5], mode: .ltp)
            #expect(try await Self.event(pool) == KiteTickerPoolEvent(connection: 1, event: .connected))
            await Self.until { venue.open.map(\.view.modes) == [[2: .quote, 4: .ltp], [5: .ltp]] }
            #expect(await pool.subscribed == [2: .quote, 4: .ltp, 5: .ltp])
            #expect(venue.links.count == 3)
        }
    }

    @Test func `a change of mode is sent once, to the connection that has the instrument`() async throws {
        let (venue, time) = (TickerVenue(), ManualTime())
        try await withPool(Self.parts(venue, time, limit: 2)) { pool in
            try await pool.subscribe([1, 2, 3], mode: .quote)
            await Self.until { venue.open.map(\.view.modes.count).sorted() == [1, 2] }
            await pool.setMode(.full, of: [3, 99])
            await pool.setMode(.full, of: [3])
            try await pool.subscribe([3], mode: .full)
            try await pool.replace(with: [1: .quote, 2: .ltp, 3: .full])
            await Self.until {
                Set(venue.open.map(\.view.modes)) == [[1: .quote, 2: .ltp], [3: .full]]
            }
            let messages = venue.links.flatMap(\.sent)
            #expect(messages.count { $0 == #"{"a":"mode","v":["full",[3]]}"# } == 1)
            #expect(messages.count { $0 == #"{"a":"mode","v":["ltp",[2]]}"# } == 1)
            #expect(messages.count == 6)
        }
    }

    @Test func `more than 9000 instruments are refused and nothing is changed`() async throws {
        let pool = KiteTickerPool(configuration: KiteConfiguration(apiKey: "key"))
        try await pool.subscribe(UInt32(1)...9000, mode: .ltp)
        for attempt in [Array(UInt32(1)...9001), [9001]] {
            let error = await #expect(throws: KiteError.self) { try await pool.subscribe(attempt, mode: .full) }
            #expect(error?.code == .input && error?.effect == KiteError.Effect.none)
        }
        let whole = Dictionary(uniqueKeysWithValues: (UInt32(1)...9001).map { ($0, KiteTickerMode.full) })
        await #expect(throws: KiteError.self) { try await pool.replace(with: whole) }
        #expect(await pool.subscribed.values.allSatisfy { $0 == .ltp })
        #expect(await pool.subscribed.count == 9000)
    }

    @Test func `an order message that comes over every connection is told once`() async throws {
        let (venue, time) = (TickerVenue(), ManualTime())
        try await withPool(Self.parts(venue, time, limit: 1)) { pool in
            try await pool.subscribe([1, 2, 3])
            await Self.until { venue.open.count == 3 }
            let links = venue.open
            for filled in 1...200 {
                let state = OrderFixture.State(status: "UPDATE", filled: filled, second: filled)
                for link in links { link.push(OrderFixture.message(state)) }
            }
            for link in links {
                link.push(OrderFixture.message(OrderFixture.State(status: "COMPLETE", filled: 1000, second: 201)))
            }
            for link in links { link.push(OrderFixture.message(OrderFixture.State(id: "end"))) }
            var told: [Int] = []
            var reader = pool.orderUpdates.makeAsyncIterator()
            while let update = await reader.next(), update.order.status != .complete {
                told.append(update.order.filledQuantity)
                #expect(update.source == .message)
            }
            #expect(told == told.sorted() && Set(told).count == told.count)
            #expect(await reader.next()?.order.orderID == "end")
        }
    }

    @Test func `a new token renews every connection, and events name the connection`() async throws {
        let (venue, time) = (TickerVenue(), ManualTime())
        try await withPool(Self.parts(venue, time, limit: 1)) { pool in
            try await pool.subscribe([1, 2, 3])
            await Self.until { venue.open.count == 3 }
            await pool.update(accessToken: "fresh")
            await Self.until { venue.links.count == 6 && venue.open.count == 3 }
            #expect(venue.open.allSatisfy { $0.url.hasSuffix("access_token=fresh") })
            await Self.until { Set(venue.open.map(\.view.modes)) == [[1: .full], [2: .full], [3: .full]] }
            var renewed: Set<Int> = []
            while renewed.count < 3, let event = try await Self.event(pool) {
                if event.event == .disconnected(.renewed, retryIn: .zero), let number = event.connection {
                    renewed.insert(number)
                }
            }
            #expect(renewed == [0, 1, 2])
        }
    }

    @Test func `ticks of all connections come in one stream, and each instrument's age is known`() async throws {
        let (venue, time) = (TickerVenue(), ManualTime())
        try await withPool(Self.parts(venue, time, limit: 1)) { pool in
            try await pool.subscribe([1, 2, 3], mode: .ltp)
            await Self.until { venue.open.count == 3 && venue.open.allSatisfy { $0.view.modes.count == 1 } }
            time.advance(by: .seconds(2))
            for link in venue.open {
                for token in link.view.modes.keys where token != 3 {
                    link.push(PacketFixture.message([PacketFixture.lastPrice(token, token * 10)]))
                }
            }
            await Self.until { pool.latest(1) != nil && pool.latest(2) != nil }
            var batch = try await next(pool.ticks) ?? []
            if batch.count == 1 { batch += try await next(pool.ticks) ?? [] }
            #expect(Set(batch.map(\.rawLastPrice)) == [10, 20])
            time.advance(by: .seconds(1))
            #expect(pool.age(of: 1) == .seconds(1) && pool.age(of: 3) == nil)
            #expect(pool.stale(olderThan: .seconds(2)) == [3])
            #expect(pool.stale(olderThan: .milliseconds(500)) == [1, 2, 3])
        }
    }

    @Test func `a feed that only breathes while ticks are expected is reported as stalled`() async throws {
        let (link, time) = (FakeLink(), ManualTime())
        let context = KiteTickerContext(expectsTicks: { true })
        try await withTicker(FakeTransport([.link(link)]), time, context: context) { ticker in
            try await ticker.subscribe([1], mode: .ltp)
            #expect(try await next(ticker.events) == .connected)
            for second in 1...10 {
                await time.untilSomebodySleeps(until: .seconds(second))
                link.push([0])
                time.advance(by: .seconds(1))
                link.push([0])
                await Self.until { ticker.silence == .zero }
            }
            #expect(try await next(ticker.events) == .stalled(.seconds(10)))
            await time.untilSomebodySleeps(until: .seconds(11))
            link.push(PacketFixture.message([PacketFixture.lastPrice(1, 5)]))
            await Self.until { ticker.latest(1) != nil }
            time.advance(by: .seconds(1))
            #expect(try await next(ticker.events) == .flowing)
        }
    }

    @Test func `a stalled connection is replaced where that is wished, the others stay`() async throws {
        let (venue, time) = (TickerVenue(), ManualTime())
        var parts = Self.parts(venue, time, limit: 1, context: KiteTickerContext(expectsTicks: { true }))
        parts.options.replacesStalled = true
        try await withPool(parts) { pool in
            try await pool.subscribe([1, 2], mode: .ltp)
            await Self.until { venue.open.count == 2 && venue.open.allSatisfy { $0.view.modes.count == 1 } }
            let links = venue.open
            for second in 1...10 {
                while time.dueTimes.filter({ $0 == .seconds(second) }).count < 2 { await Task.yield() }
                time.advance(by: .seconds(1))
                for link in links {
                    link.push([0])
                    if link.view.modes[1] != nil {
                        link.push(PacketFixture.message([PacketFixture.lastPrice(1, UInt32(second))]))
                    }
                }
                await Self.until {
                    pool.silence(ofConnection: 0) == .zero && pool.silence(ofConnection: 1) == .zero
                        && pool.age(of: 1) == .zero
                }
            }
            var lost: [KiteTickerPoolEvent] = []
            while lost.count < 2, let event = try await Self.event(pool) {
                if event.event != .connected { lost.append(event) }
            }
            #expect(
                lost == [
                    KiteTickerPoolEvent(connection: 1, event: .stalled(.seconds(10))),
                    KiteTickerPoolEvent(
                        connection: 1,
                        event: .disconnected(.stalled(.seconds(10)), retryIn: .milliseconds(500))),
                ])
            await time.untilSomebodySleeps(until: .seconds(10.5))
            time.advance(by: .milliseconds(500))
            await Self.until { venue.open.count == 2 && venue.open.last?.view.modes == [2: .ltp] }
            #expect(venue.links.count == 3)
        }
    }
}
