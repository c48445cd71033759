import Brokers
import Gateway
import Testing
import Trading

struct RestartTests {
    @Test func `no order leaves before the broker's book was read`() throws {
        let trial = Trial()
        trial.broker.script { $0.bookFate = .failing }
        try trial.trade(waitingUntilReady: false) { session async throws in
            try await trial.time.sleep(.seconds(60))
            await #expect {
                try await session.submit(Trial.submission("a"))
            } throws: { error in
                guard case .notReady(let reason) = error as? GatewayError else { return false }
                return reason.contains("order book")
            }
            #expect(trial.broker.placed.isEmpty && trial.journal.intents.isEmpty)
            trial.broker.script { $0.bookFate = .good }
            try await trial.becomeReady(session)
            #expect(try await session.submit(Trial.submission("a")).order.status == .acknowledged)
        }
    }

    @Test func `no order leaves before the journal was read`() throws {
        let trial = Trial()
        trial.journal.script { $0.isUnavailable = true }
        try trial.trade(waitingUntilReady: false) { session async throws in
            try await trial.time.sleep(.seconds(60))
            await #expect {
                try await session.submit(Trial.submission("a"))
            } throws: { error in
                guard case .notReady(let reason) = error as? GatewayError else { return false }
                return reason.contains("journal")
            }
            trial.journal.script { $0.isUnavailable = false }
            try await trial.becomeReady(session)
        }
        #expect(trial.broker.placed.isEmpty)
    }

    @Test func `a book that misses acknowledged orders does not make the session ready`() throws {
        let trial = Trial()
        try trial.trade { session async throws in _ = try await session.submit(Trial.submission("a")) }
        trial.broker.script { $0.bookFate = .empty }
        try trial.trade(waitingUntilReady: false) { session async throws in
            try await trial.time.sleep(.seconds(30))
            #expect(await session.state.readiness != .ready)
            trial.broker.script { $0.bookFate = .good }
            try await trial.becomeReady(session)
        }
    }

    @Test func `a paper exchange that forgot its orders and gives their numbers again does no harm`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            _ = try await session.submit(Trial.submission("a"))
            await trial.broker.push(trial.broker.fill("B1", 10, at: Price(rupees: 799)))
        }
        trial.broker.script { $0.book = [] }
        trial.time.run(until: trial.time.uptime + .seconds(1))
        try trial.trade(bookBegins: trial.time.now) { session async throws in
            #expect(await session.orders().isEmpty)
            let old = try await session.submit(Trial.submission("a"))
            #expect(old.isReplay && old.order.status == .filled)
            let new = try await session.submit(Trial.submission("b"))
            #expect(new.order.brokerOrderID == "B1" && new.order.status == .acknowledged)
            try await trial.time.sleep(.seconds(31))
            #expect(await session.orders().map(\.status) == [.working])
        }
        #expect(trial.broker.placed.count == 2)
    }

    /// Steps of an order's life at which the process ends, counted in executed jobs.
    @Test(arguments: 0..<60)
    func `an order cut off at any step is found again, and never sent twice`(jobs: Int) throws {
        let trial = Trial()
        trial.broker.script { $0.nextFate = { .taken(answer: .milliseconds(50), visible: .seconds(1)) } }
        let before = trial.session()
        trial.time.spawn { await before.run() }
        trial.time.run(until: .seconds(5))
        trial.time.spawn { _ = try? await before.submit(Trial.submission("a")) }
        trial.time.run(jobs: jobs)
        trial.time.crash()
        let wasDurable = trial.journal.intents.count == 1
        let wasSent = trial.broker.placed.count == 1

        try trial.trade { session async throws in
            try await trial.time.sleep(.seconds(130))
            let order = await session.orders().first
            #expect(order?.status == (wasDurable ? (wasSent ? .working : .notSent) : nil))
            #expect(trial.broker.placed.count == (wasSent ? 1 : 0))
            let receipt = try await session.submit(Trial.submission("a"))
            #expect(receipt.isReplay == wasDurable)
            #expect(trial.broker.placed.count == (wasSent || !wasDurable ? 1 : 0))
        }
    }

    @Test func `an intent of which nothing more is known becomes a doubt that is looked into`() throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.taken(answer: .seconds(5), visible: .seconds(20))] }
        let before = trial.session()
        trial.time.spawn { await before.run() }
        trial.time.run(until: .seconds(5))
        trial.time.spawn { _ = try? await before.submit(Trial.submission("a")) }
        trial.time.run(until: .seconds(6))
        trial.time.crash()
        #expect(trial.journal.orders.map(\.order.status) == [.pending])
        try trial.trade { session async throws in
            #expect(await session.orders().map(\.status) == [.unknown])
            #expect(try await session.submit(Trial.submission("a")).order.status == .unknown)
            try await trial.time.sleep(.seconds(40))
            #expect(await session.orders().map(\.status) == [.working])
        }
        #expect(trial.broker.placed.count == 1)
    }

    @Test func `ten crashes in a row during recovery change nothing`() throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.answerLost(visible: .seconds(60))] }
        try trial.trade { session async throws in _ = try await session.submit(Trial.submission("a")) }
        for jobs in 1...10 {
            let session = trial.session()
            trial.time.spawn { await session.run() }
            trial.time.run(jobs: jobs * 7)
            trial.time.crash()
        }
        try trial.trade { session async throws in
            try await trial.time.sleep(.seconds(100))
            #expect(await session.orders().map(\.status) == [.working])
        }
        #expect(trial.broker.placed.count == 1)
    }

    @Test func `orders and their states come back as they were`() throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.taken(), .refused("no"), .notSent, .taken()] }
        try trial.trade { session async throws in
            for key in ["a", "b", "c", "d"] { _ = try await session.submit(Trial.submission(key)) }
            await trial.broker.push(trial.broker.fill("B1", 10, at: Price(rupees: 799)))
            await trial.broker.push(trial.broker.fill("B2", 4, at: Price(rupees: 798)))
        }
        try trial.trade { session async throws in
            let orders = await session.orders()
            #expect(orders.map(\.status) == [.filled, .rejected, .notSent, .working])
            #expect(orders.map(\.filledQuantity) == [10, 0, 0, 4])
            #expect(orders == trial.journal.orders.map(\.order))
        }
    }

    @Test func `a key of before the crash is answered even when the rules now refuse its terms`() throws {
        let trial = Trial()
        try trial.trade { session async throws in _ = try await session.submit(Trial.submission("a")) }
        let journal = trial.journal
        var late = Trial.submission("a").request
        late.price = Price(paise: 80_001)
        // An intent from when the tick was finer.
        let submission = OrderSubmission(request: late, label: nil, idempotencyKey: "old", principal: 1)
        let intent = OrderIntent(
            orderID: OrderID(1_000), account: Trial.account, idempotencyKey: "old",
            fingerprint: submission.fingerprint, clientOrderID: trial.tag.tag(for: "old"), request: late, label: nil,
            principal: 1, placedTime: trial.time.now)
        journal.script { state in
            state.intents.append(intent)
            state.events[intent.orderID] = [
                JournaledEvent(
                    orderID: intent.orderID, sequence: 1, event: .notSent(reason: "then"), time: intent.placedTime)
            ]
        }
        try trial.trade { session async throws in
            let receipt = try await session.submit(submission)
            #expect(receipt.isReplay && receipt.order.status == .notSent)
        }
        #expect(trial.broker.placed.count == 1)
    }
}
