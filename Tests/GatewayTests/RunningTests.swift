import Brokers
import Gateway
import Testing
import Trading

struct RunningTests {
    @Test func `stopping sees orders on their way through and takes no new one`() throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.taken(answer: .seconds(5))] }
        try trial.time.run { () async throws in
            let session = trial.session()
            try await withThrowingTaskGroup { group in
                group.addTask { await session.run() }
                try await trial.becomeReady(session)
                group.addTask {
                    let receipt = try await session.submit(Trial.submission("a"))
                    #expect(receipt.order.status == .acknowledged)
                }
                try await trial.time.sleep(.seconds(1))
                session.stop()
                await #expect(throws: GatewayError.notReady(reason: "The account's session has stopped.")) {
                    try await session.submit(Trial.submission("b"))
                }
                try await group.waitForAll()
            }
            #expect(await session.state.readiness == .stopped)
            for await _ in session.updates.subscribe() { Issue.record("nothing is told after the end") }
        }
        #expect(trial.broker.placed.count == 1)
        #expect(trial.journal.orders.map(\.order.status) == [.acknowledged])
    }

    @Test func `stopping during start-up ends at once`() throws {
        let trial = Trial()
        trial.broker.script { $0.bookFate = .failing }
        try trial.trade(waitingUntilReady: false) { _ in try await trial.time.sleep(.seconds(3)) }
    }

    @Test func `orders placed elsewhere appear`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            let told = Told(session, in: trial.time)
            trial.broker.take(BrokerOrder(request: Trial.submission("x").request, clientOrderID: "byhand"))
            await trial.broker.push(trial.broker.rows.first)
            trial.broker.take(BrokerOrder(request: Trial.submission("x").request, clientOrderID: "byhand2"))
            try await trial.time.sleep(.seconds(31))
            let orders = await session.orders()
            #expect(orders.map(\.brokerOrderID) == ["B1", "B2"])
            #expect(orders.map(\.label) == ["byhand", "byhand2"])
            for order in orders { #expect(await session.isExternal(order.id)) }
            #expect(told.orders.count == 2)
        }
        #expect(trial.journal.intents.isEmpty)
    }

    @Test func `fills bring fresh positions and funds, once for a burst`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            let told = Told(session, in: trial.time)
            _ = try await session.submit(Trial.submission("a"))
            try await trial.time.sleep(.seconds(2))
            let reads = trial.broker.look(\.positionReads)
            var position = Position(instrument: Trial.share, token: InstrumentToken(779_521), product: .intraday)
            position.add(side: .buy, quantity: 10, price: Price(rupees: 799))
            let book = PositionBook(net: [position], day: [position])
            trial.broker.script { $0.positionBook = book }
            for _ in 0..<10 { await trial.broker.push(trial.broker.fill("B1", 1, at: Price(rupees: 799))) }
            try await trial.time.sleep(.seconds(3))
            #expect(trial.broker.look(\.positionReads) - reads <= 2)
            #expect(told.positions.map(\.quantity) == [10])
            #expect(try await session.positions().value.net.map(\.quantity) == [10])
            #expect(trial.broker.look(\.watched) == [InstrumentToken(779_521)])
        }
    }

    @Test func `moving prices are told at most once a second, for every position of the instrument`() throws {
        let trial = Trial()
        let positions = [Product.intraday, .delivery].map { product in
            var position = Position(instrument: Trial.share, token: InstrumentToken(779_521), product: product)
            position.add(side: .buy, quantity: 10, price: Price(rupees: 799))
            return position
        }
        trial.broker.script { $0.positionBook = PositionBook(net: positions, day: []) }
        try trial.trade { session async throws in
            try await trial.time.sleep(.seconds(2))
            let told = Told(session, in: trial.time)
            for paise in 1...100 {
                let price = Price(paise: 80_000 + Int64(paise))
                await session.pricesChanged([
                    PriceMark(token: InstrumentToken(779_521), lastPrice: price, closePrice: nil)
                ])
                try await trial.time.sleep(.milliseconds(20))
            }
            try await trial.time.sleep(.seconds(1))
            #expect((4...6).contains(told.positions.count), "two positions over two to three seconds")
            #expect(Set(told.positions.map(\.product)) == [.intraday, .delivery])
            #expect(told.positions.last?.profit == Money(rupees: 20))
        }
    }

    @Test func `the push connection's state is told, and what it missed is read`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            let told = Told(session, in: trial.time)
            _ = try await session.submit(Trial.submission("a"))
            await session.connectionChanged(.disconnected(reason: "lost"))
            trial.broker.fill("B1", 10, at: Price(rupees: 799))
            await session.connectionChanged(.connected)
            await session.connectionChanged(.connected)
            try await trial.time.sleep(.seconds(1))
            #expect(await session.orders().map(\.status) == [.filled])
            let connections = told.all.filter { if case .connection = $0 { true } else { false } }
            #expect(connections == [.connection(.disconnected(reason: "lost")), .connection(.connected)])
        }
    }

    @Test func `without a push connection the poll brings the news`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            _ = try await session.submit(Trial.submission("a"))
            trial.broker.fill("B1", 10, at: Price(rupees: 799))
            try await trial.time.sleep(.seconds(31))
            #expect(await session.orders().map(\.status) == [.filled])
        }
    }

    @Test func `yesterday's ended orders leave the list when the broker clears its book`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            _ = try await session.submit(Trial.submission("a"))
            trial.broker.fill("B1", 10, at: Price(rupees: 799))
            try await trial.time.sleep(.seconds(20 * 3_600))
            #expect(await session.orders().map(\.status) == [.filled])
            trial.broker.script { $0.book = [] }
            try await trial.time.sleep(.seconds(60))
            #expect(await session.orders().isEmpty)
            #expect(try await session.submit(Trial.submission("a")).isReplay)
        }
    }
}
