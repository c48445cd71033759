import Brokers
import Gateway
import Testing
import Trading

/// Orders whose answer is lost: shown as unknown, looked for, adopted or presumed not placed, and never sent again.
struct DoubtTests {
    @Test(arguments: [0, 2, 8, 30, 83, 119])
    func `an order is adopted whenever the book shows it`(second: Int) throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.answerLost(visible: .seconds(second))] }
        try trial.trade { session async throws in
            let told = Told(session, in: trial.time)
            let began = trial.time.uptime
            let receipt = try await session.submit(Trial.submission("a"))
            #expect(receipt.order.status == .unknown)
            try await trial.sleep(until: began + .seconds(200))
            let order = await session.order(brokerOrderID: "B1")
            #expect(order?.status == .working && order?.id == receipt.order.id)
            #expect(told.orders.map(\.status) == [.pending, .unknown, .working])
        }
        #expect(trial.broker.placed.count == 1)
        #expect(trial.journal.orders.map(\.order.status) == [.working])
    }

    @Test func `the first look comes within a second`() throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.answerLost()] }
        try trial.trade { session async throws in
            _ = try await session.submit(Trial.submission("a"))
            try await trial.time.sleep(.seconds(1))
            #expect(await session.orders().map(\.status) == [.working])
        }
    }

    @Test func `an order is presumed not placed only after two minutes`() throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.vanished(after: .seconds(7))] }
        try trial.trade { session async throws in
            let receipt = try await session.submit(Trial.submission("a"))
            let began = trial.time.uptime
            #expect(receipt.order.status == .unknown)
            try await trial.sleep(until: began + .milliseconds(119_900))
            #expect(await session.orders().map(\.status) == [.unknown])
            try await trial.sleep(until: began + .seconds(121))
            #expect(await session.orders().map(\.status) == [.notSent])
            #expect(try await session.submit(Trial.submission("a")).order.status == .notSent)
        }
        #expect(trial.broker.placed.count == 1)
    }

    enum Fault: CaseIterable {
        /// Good reads early, then none for five minutes.
        case outageAfterOneSecond
        /// The book is empty although it has shown an order before.
        case emptyBook
    }

    @Test(arguments: Fault.allCases)
    func `reads that fail or contradict are no evidence`(fault: Fault) throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.taken(), .answerLost(visible: .seconds(150))] }
        try trial.trade { session async throws in
            _ = try await session.submit(Trial.submission("known"))
            let receipt = try await session.submit(Trial.submission("a"))
            let began = trial.time.uptime
            if fault == .outageAfterOneSecond { try await trial.sleep(until: began + .milliseconds(1_500)) }
            trial.broker.script { $0.bookFate = fault == .emptyBook ? .empty : .failing }
            try await trial.sleep(until: began + .seconds(300))
            #expect(await session.orders().last?.status == .unknown)
            trial.broker.script { $0.bookFate = .good }
            try await trial.time.sleep(.seconds(6))
            let order = await session.orders().last
            #expect(order?.id == receipt.order.id && order?.status == .working)
        }
        #expect(trial.broker.placed.count == 2)
    }

    @Test func `one good read after the horizon is not enough`() throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.vanished()] }
        try trial.trade { session async throws in
            trial.broker.script { $0.bookFate = .failing }
            _ = try await session.submit(Trial.submission("a"))
            let began = trial.time.uptime
            try await trial.sleep(until: began + .seconds(119))
            trial.broker.script { $0.bookFate = .good }
            try await trial.sleep(until: began + .seconds(121))
            #expect(await session.orders().map(\.status) == [.unknown])
            try await trial.sleep(until: began + .seconds(126))
            #expect(await session.orders().map(\.status) == [.notSent])
        }
    }

    @Test(arguments: [true, false])
    func `an order sighted after it was given up is adopted`(isPushed: Bool) throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.answerLost(visible: .seconds(200))] }
        try trial.trade { session async throws in
            let receipt = try await session.submit(Trial.submission("a"))
            let began = trial.time.uptime
            try await trial.sleep(until: began + .seconds(190))
            #expect(await session.orders().map(\.status) == [.notSent])
            if isPushed {
                await trial.broker.push(trial.broker.rows.first)
            } else {
                try await trial.sleep(until: began + .seconds(240))
            }
            let order = await session.order(brokerOrderID: "B1")
            #expect(order?.status == .working && order?.id == receipt.order.id)
            #expect(await session.orders().count == 1)
        }
        #expect(trial.broker.placed.count == 1)
    }

    @Test func `a pushed update ends the doubt at once`() throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.answerLost(visible: .seconds(83))] }
        try trial.trade { session async throws in
            _ = try await session.submit(Trial.submission("a"))
            await trial.broker.push(trial.broker.rows.first)
            #expect(await session.orders().map(\.status) == [.working])
        }
    }

    @Test func `a row with our tag and other terms does not end the doubt`() throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.vanished()] }
        try trial.trade { session async throws in
            _ = try await session.submit(Trial.submission("a"))
            trial.broker.take(
                BrokerOrder(
                    request: Trial.submission("x", quantity: 99).request, clientOrderID: trial.tag.tag(for: "a")))
            try await trial.time.sleep(.seconds(40))
            let orders = await session.orders()
            #expect(orders.map(\.status) == [.unknown, .working])
            #expect(await session.isExternal(orders[1].id))
        }
    }

    @Test func `many orders in doubt share the reads of the book`() throws {
        let trial = Trial(limits: OrderLimits(perSecond: 1_000, perMinute: 10_000, perDay: 10_000))
        trial.broker.script { $0.nextFate = { .vanished(after: .seconds(5)) } }
        try trial.trade { session async throws in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        try? await trial.time.sleep(.milliseconds(number * 10))
                        _ = try? await session.submit(Trial.submission("k\(number)"))
                    }
                }
            }
            let before = trial.broker.look(\.bookReads)
            try await trial.time.sleep(.seconds(140))
            #expect(await session.orders().allSatisfy { $0.status == .notSent })
            let reads = trial.broker.look(\.bookReads)[before.count...]
            let busiest = reads.indices.map { index in
                reads[index...].prefix { $0 < reads[index] + .seconds(1) }.count
            }
            #expect((busiest.max() ?? 0) <= 5, "at most half the broker's ten reads a second")
        }
        #expect(trial.broker.placed.count == 200)
    }
}
