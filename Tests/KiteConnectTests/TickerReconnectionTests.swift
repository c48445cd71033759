import Synchronization
import Testing
import WebSocket

@testable import KiteConnect

/// The pool while its connections break, over fake links and over real WebSockets.
@Suite(.timeLimit(.minutes(5))) struct TickerReconnectionTests {
    private static func hastyOptions(_ limit: Int) -> KiteTickerOptions {
        var options = KiteTickerOptions()
        options.instrumentLimit = limit
        // The servers of these tests send no signs of life.
        options.silenceLimit = .seconds(600)
        options.firstDelay = .microseconds(100)
        options.longestDelay = .milliseconds(2)
        options.firstBookDelay = .microseconds(100)
        options.longestBookDelay = .milliseconds(2)
        return options
    }

    /// What each connection should have been told.
    private static func shares(_ pool: KiteTickerPool) async -> [[UInt32: KiteTickerMode]] {
        var shares: [[UInt32: KiteTickerMode]] = [[:], [:], [:]]
        for (token, mode) in await pool.subscribed {
            guard let place = await pool.connection(of: token) else { continue }
            shares[place][token] = mode
        }
        return shares
    }

    private static func randomChange(_ pool: KiteTickerPool, _ generator: inout SeededGenerator) async {
        let tokens = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
            UInt32.random(in: 1...40, using: &generator)
        }
        let mode = KiteTickerMode.allCases.randomElement(using: &generator) ?? .full
        switch Int.random(in: 0..<10, using: &generator) {
        // Too many are refused, which must change nothing.
        case 0..<4: try? await pool.subscribe(tokens, mode: mode)
        case 4..<7: await pool.unsubscribe(tokens)
        case 7..<9: await pool.setMode(mode, of: tokens)
        default:
            let desired = Dictionary(tokens.map { ($0, mode) }) { first, _ in first }
            try? await pool.replace(with: desired)
        }
    }

    @Test func `the server is told the desired set, whatever changes and breaks on the way`() async throws {
        for seed in UInt64(1)...300 {
            var generator = SeededGenerator(seed)
            let venue = TickerVenue()
            let parts = TickerParts(options: Self.hastyOptions(8), transport: venue)
            try await withPool(parts) { pool in
                for _ in 0..<60 {
                    switch Int.random(in: 0..<8, using: &generator) {
                    case 0: venue.open.randomElement(using: &generator)?.close()
                    case 1: venue.fail(times: 1)
                    case 2: await pool.update(accessToken: "token\(Int.random(in: 0..<99, using: &generator))")
                    default: await Self.randomChange(pool, &generator)
                    }
                    for _ in 0..<Int.random(in: 0..<20, using: &generator) { await Task.yield() }
                }
                let desired = await Self.shares(pool)
                let wanted = Set(desired.enumerated().filter { $0.offset == 0 || !$0.element.isEmpty }.map(\.element))
                // A renewal may still be on its way, so one look decides: a later one might see it half done.
                let start = ContinuousClock.now
                var isTold = false
                while !isTold, start.duration(to: .now) < .seconds(20) {
                    let views = venue.open.map(\.view.modes)
                    isTold = Set(views) == wanted && views.count == Self.needed(desired)
                    await Task.yield()
                }
                #expect(isTold, "seed \(seed)")
                #expect(venue.links.allSatisfy { $0.view.repeated == 0 }, "seed \(seed)")
            }
        }
    }

    private static func needed(_ shares: [[UInt32: KiteTickerMode]]) -> Int {
        shares.enumerated().count { $0.offset == 0 || !$0.element.isEmpty }
    }

    @Test func `a silent connection of two is reported within ten seconds and replaced`() async throws {
        let time = ManualTime()
        try await TickerServer.with { server in
            var options = KiteTickerOptions()
            options.instrumentLimit = 2
            let parts = TickerParts(
                options: options, transport: WebSocketTickerTransport(client: WebSocketClient()),
                timing: time.timing())
            let configuration = KiteConfiguration(apiKey: "key", accessToken: "token", tickerURL: server.url)
            try await withPool(parts, configuration) { pool in
                try await pool.subscribe([1, 2, 3], mode: .full)
                var visits: [Int: TickerServer.Visit] = [:]
                for _ in 0..<2 {
                    let visit = try #require(await next(server.visits))
                    let view = try await Self.view(visit) {
                        !$0.modes.isEmpty && $0.modes.values.allSatisfy { $0 == .full }
                    }
                    visits[view.modes[3] == nil ? 0 : 1] = visit
                }
                var connected: Set<Int> = []
                while connected.count < 2 {
                    guard let event = try await next(pool.events), event.event == .connected else { break }
                    connected.insert(event.connection ?? -1)
                }
                while time.dueTimes.filter({ $0 == .seconds(5) }).count < 2 { await Task.yield() }
                time.advance(by: .seconds(4))
                try await visits[0]?.connection.send(ByteBufferFixture.heartbeat)
                while pool.silence(ofConnection: 0) != .zero { await Task.yield() }
                time.advance(by: .seconds(1))
                #expect(
                    try await next(pool.events)
                        == KiteTickerPoolEvent(
                            connection: 1, event: .disconnected(.silent(.seconds(5)), retryIn: .milliseconds(500))))
                await time.untilSomebodySleeps(until: .seconds(5.5))
                time.advance(by: .milliseconds(500))
                let replacement = try #require(await next(server.visits))
                #expect(try await Self.view(replacement) { $0.modes == [3: .full] }.modes == [3: .full])
                #expect(try await next(pool.events) == KiteTickerPoolEvent(connection: 1, event: .connected))
                #expect(await pool.states == [.connected, .connected, .resting])
            }
        }
    }

    /// Reads a client's messages until they add up to what is looked for.
    private static func view(
        _ visit: TickerServer.Visit, from start: TickerView = TickerView(), until holds: (TickerView) -> Bool
    ) async throws -> TickerView {
        var view = start
        while !holds(view) {
            guard case .text(let text)? = try await next(visit.connection.inbound) else {
                throw KiteError.unreadable("the connection ended before the view was reached")
            }
            try view.take(text)
        }
        return view
    }

    @Test(arguments: [1, 2, 20_261_121] as [UInt64])
    func `a socket killed a hundred times leaves no subscription and no order behind`(seed: UInt64) async throws {
        let book = TestBook()
        let broken = Mutex(0)
        try await TickerServer.with(
            breaking: {
                broken.withLock { broken in
                    defer { broken = max(broken - 1, 0) }
                    return broken > 0
                }
            },
            { server in
                let parts = TickerParts(
                    options: Self.hastyOptions(30), context: book.context,
                    transport: WebSocketTickerTransport(client: WebSocketClient()))
                let configuration = KiteConfiguration(apiKey: "key", accessToken: "token", tickerURL: server.url)
                try await withPool(parts, configuration) { pool in
                    let run = KillingRun(server: server, pool: pool, book: book, generator: SeededGenerator(seed))
                    try await run.kill(times: 100) { broken.withLock { $0 += 1 } }
                }
            })
    }

    /// Kills connections at random points and looks after each that nothing is missing.
    private struct KillingRun {
        let server: TickerServer
        let pool: KiteTickerPool
        let book: TestBook
        let generator: SeededGenerator

        func kill(times: Int, breakHandshake: () -> Void) async throws {
            var generator = generator
            try await pool.subscribe(UInt32(1)...80, mode: .quote)
            var visits: [Int: TickerServer.Visit] = [:]
            var views: [TickerView] = [TickerView(), TickerView(), TickerView()]
            for _ in 0..<3 {
                let visit = try #require(await next(server.visits))
                let view = try await view(visit) { !$0.modes.isEmpty }
                let place = try #require(await pool.connection(of: view.modes.keys.first ?? 0))
                visits[place] = visit
                views[place] = view
            }
            var told: [String: OrderFixture.State] = [:]
            for round in 1...times {
                let victim = Int.random(in: 0..<3, using: &generator)
                let order = change(round, &generator)
                if Bool.random(using: &generator) {
                    for visit in visits.values where Bool.random(using: &generator) {
                        try? await visit.connection.send(OrderFixture.message(order))
                    }
                }
                if Int.random(in: 0..<3, using: &generator) == 0 { book.fail(times: 2) }
                if Bool.random(using: &generator) { await pool.setMode(.full, of: [UInt32(round % 80 + 1)]) }
                if let visit = visits[victim] {
                    strike(visit, Int.random(in: 0..<5, using: &generator), &generator, breakHandshake)
                }
                if Bool.random(using: &generator) {
                    let present = await pool.subscribed.keys.sorted()
                    await pool.unsubscribe([present.randomElement(using: &generator) ?? 1])
                    try await pool.subscribe([UInt32(100 + round)], mode: .ltp)
                }
                let visit = try #require(await next(server.visits))
                visits[victim] = visit
                views[victim] = TickerView()
                let shares = await TickerReconnectionTests.shares(pool)
                for place in 0..<3 {
                    guard let visit = visits[place] else { continue }
                    views[place] = try await view(visit, from: views[place]) { $0.modes == shares[place] }
                }
                try await read(into: &told, round)
            }
        }

        /// A fill, a change, an end or a new order, written to the book.
        private func change(_ round: Int, _ generator: inout SeededGenerator) -> OrderFixture.State {
            let id = "\(Int.random(in: 0..<8, using: &generator))"
            var state = book.rows[id] ?? OrderFixture.State(id: id)
            if state.status != "OPEN" { state = OrderFixture.State(id: "new \(round)") }
            state.second = round
            state.filled += Int.random(in: 0...300, using: &generator)
            state.price += 1
            if state.filled >= 1000 { (state.filled, state.status) = (1000, "COMPLETE") }
            book.write(state)
            return state
        }

        /// Ends a connection during the next handshake, at once, within a frame, after a tick or with a goodbye.
        private func strike(
            _ visit: TickerServer.Visit, _ point: Int, _ generator: inout SeededGenerator, _ breakHandshake: () -> Void
        ) {
            let tick = PacketFixture.message([PacketFixture.lastPrice(40, 1)])
            let frame = [0x82, UInt8(tick.count)] + tick
            switch point {
            case 0:
                breakHandshake()
                visit.kill()
            case 1: visit.kill()
            case 2:
                visit.write(raw: Array(frame.prefix(Int.random(in: 1..<frame.count, using: &generator))))
                visit.kill()
            case 3:
                visit.write(raw: frame)
                visit.kill()
            default: visit.connection.beginClose(code: .goingAway)
            }
        }

        private func view(
            _ visit: TickerServer.Visit, from start: TickerView = TickerView(), until holds: (TickerView) -> Bool
        ) async throws -> TickerView {
            try await TickerReconnectionTests.view(visit, from: start, until: holds)
        }

        /// Reads updates until every order of the book was told as it stands; none goes back, none comes twice.
        private func read(into told: inout [String: OrderFixture.State], _ round: Int) async throws {
            let rows = book.rows
            while told != rows {
                let order = try #require(await next(pool.orderUpdates)).order
                let state = OrderFixture.State(
                    id: order.orderID, status: order.status.rawValue, filled: order.filledQuantity,
                    price: order.price, second: order.exchangeUpdateTimestamp.map { $0.secondsOfDay - 9 * 3600 })
                #expect(told[state.id] != state, "told twice in round \(round)")
                if let before = told[state.id] { #expect(before.filled <= state.filled, "went back in round \(round)") }
                told[state.id] = state
            }
        }
    }
}
