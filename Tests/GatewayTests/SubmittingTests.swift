import Brokers
import Gateway
import Testing
import Trading

struct SubmittingTests {
    @Test func `an order is durable, then sent once, then acknowledged`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            let told = Told(session, in: trial.time)
            let receipt = try await session.submit(Trial.submission("a"))
            #expect(receipt.order.status == .acknowledged && receipt.order.brokerOrderID == "B1" && !receipt.isReplay)
            try await trial.time.sleep(.milliseconds(1))
            #expect(told.orders.map(\.status) == [.pending, .acknowledged])
        }
        #expect(trial.broker.placed.map(\.clientOrderID) == [trial.tag.tag(for: "a")])
        #expect(trial.broker.look(\.sawOnlyDurableIntents))
        #expect(trial.journal.orders.map(\.order.status) == [.acknowledged])
    }

    @Test func `without a durable intent nothing is sent`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            trial.journal.script { $0.isUnavailable = true }
            await #expect(throws: GatewayError.journalUnavailable) { try await session.submit(Trial.submission("a")) }
            #expect(trial.broker.placed.isEmpty)
            trial.journal.script { $0.isUnavailable = false }
            #expect(try await session.submit(Trial.submission("a")).order.status == .acknowledged)
        }
        #expect(trial.broker.placed.count == 1)
    }

    @Test func `the same key again gets the same order without a call`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            let first = try await session.submit(Trial.submission("a"))
            for _ in 0..<50 {
                let again = try await session.submit(Trial.submission("a"))
                #expect(again.isReplay && again.order == first.order && again.timeToDeparture == nil)
            }
        }
        #expect(trial.broker.placed.count == 1)
    }

    @Test func `the same key for other terms is refused`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            _ = try await session.submit(Trial.submission("a"))
            for other in [Trial.submission("a", quantity: 11), Trial.submission("a", price: Price(paise: 80_001))] {
                await #expect(throws: GatewayError.keyReused) { try await session.submit(other) }
            }
        }
        #expect(trial.broker.placed.count == 1)
    }

    @Test func `of many at once under one key a single order is made`() throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.taken(answer: .milliseconds(300))] }
        try trial.trade { session async throws in
            let results = await withTaskGroup(of: Result<OrderReceipt, GatewayError>.self) { group in
                for _ in 0..<500 {
                    group.addTask {
                        do throws(GatewayError) {
                            return .success(try await session.submit(Trial.submission("a")))
                        } catch {
                            return .failure(error)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let numbers = Set(results.compactMap { try? $0.get().order.brokerOrderID })
            #expect(numbers == ["B1"])
            #expect(results.filter { $0 == .failure(.keyInProgress) }.count == 499)
        }
        #expect(trial.broker.placed.count == 1 && trial.journal.intents.count == 1)
    }

    @Test func `an order that breaks a rule leaves no trace`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            await #expect(throws: GatewayError.denied(.priceOffTick(tick: Price(paise: 5)))) {
                try await session.submit(Trial.submission("a", price: Price(paise: 80_001)))
            }
            // The key is still free.
            #expect(try await session.submit(Trial.submission("a")).order.status == .acknowledged)
        }
        #expect(trial.journal.intents.count == 1 && trial.broker.placed.count == 1)
    }

    @Test func `a market order always carries protection`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            var request = Trial.submission("a").request
            request.type = .market
            request.price = nil
            _ = try await session.submit(
                OrderSubmission(request: request, label: nil, idempotencyKey: "a", principal: 1))
        }
        #expect(trial.broker.placed.map(\.request.marketProtection) == [.automatic])
    }

    @Test func `the broker's refusal and a call that never left end the order with their reason`() throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.refused("Insufficient funds."), .notSent] }
        try trial.trade { session async throws in
            let refused = try await session.submit(Trial.submission("a")).order
            #expect(refused.status == .rejected && refused.message == "Insufficient funds.")
            let unsent = try await session.submit(Trial.submission("b")).order
            #expect(unsent.status == .notSent && unsent.message == "No connection could be made.")
            // No look-up follows either.
            let reads = trial.broker.look(\.bookReads.count)
            try await trial.time.sleep(.seconds(5))
            #expect(trial.broker.look(\.bookReads.count) == reads)
        }
        #expect(trial.broker.placed.count == 2)
    }

    @Test func `a caller that goes away does not stop its order`() throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.taken(answer: .seconds(3))] }
        try trial.trade { session async throws in
            await withTaskGroup(of: Void.self) { callers in
                callers.addTask { _ = try? await session.submit(Trial.submission("a")) }
                try? await trial.time.sleep(.seconds(1))
                callers.cancelAll()
            }
            let order = await session.order(brokerOrderID: "B1")
            #expect(order?.status == .acknowledged)
            #expect(try await session.submit(Trial.submission("a")).isReplay)
        }
        #expect(trial.broker.placed.count == 1)
    }

    @Test func `orders leave no faster than the broker allows, and none late`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            let statuses = await withTaskGroup(of: OrderStatus?.self) { group in
                for number in 0..<60 {
                    group.addTask { try? await session.submit(Trial.submission("k\(number)")).order.status }
                }
                return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [.acknowledged: 20, .notSent: 40])
        }
        let departures = trial.broker.look(\.placedAt)
        for (early, late) in zip(departures, departures.dropFirst(10)) { #expect(late - early > .seconds(1)) }
    }

    @Test func `the day's number of orders starts anew the next day`() throws {
        let trial = Trial(limits: OrderLimits(perSecond: 10, perMinute: 400, perDay: 2))
        try trial.trade { session async throws in
            for key in ["a", "b"] { #expect(try await session.submit(Trial.submission(key)).order.status.isOpen) }
            #expect(try await session.submit(Trial.submission("c")).order.status == .notSent)
            try await trial.time.sleep(.seconds(24 * 3_600))
            #expect(try await session.submit(Trial.submission("d")).order.status.isOpen)
        }
        #expect(trial.broker.placed.count == 3)
    }

    @Test func `orders sent before a restart count for the day`() throws {
        let trial = Trial(limits: OrderLimits(perSecond: 10, perMinute: 400, perDay: 2))
        try trial.trade { session async throws in _ = try await session.submit(Trial.submission("a")) }
        try trial.trade { session async throws in
            #expect(try await session.submit(Trial.submission("b")).order.status.isOpen)
            #expect(try await session.submit(Trial.submission("c")).order.status == .notSent)
        }
        #expect(trial.broker.placed.count == 2)
    }

    @Test func `news that overtakes the answer keeps its place`() throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.taken(answer: .seconds(2))] }
        try trial.trade { session async throws in
            let told = Told(session, in: trial.time)
            trial.time.spawn {
                try? await trial.time.sleep(.seconds(1))
                await trial.broker.push(trial.broker.fill("B1", 10, at: Price(rupees: 799)))
            }
            let receipt = try await session.submit(Trial.submission("a"))
            #expect(receipt.order.status == .filled)
            #expect(told.orders.map(\.status) == [.pending, .filled])
        }
    }

    @Test func `clients never see an older state after a newer one, however the journal answers`() throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.taken(answer: .milliseconds(100))] }
        try trial.trade { session async throws in
            let told = Told(session, in: trial.time)
            // The first write takes long, those after it are quick.
            let delays = Delays([.zero, .seconds(2)])
            trial.journal.script { $0.delays = { (.zero, delays.next()) } }
            trial.time.spawn {
                try? await trial.time.sleep(.milliseconds(500))
                await trial.broker.push(trial.broker.fill("B1", 10, at: Price(rupees: 799)))
            }
            _ = try await session.submit(Trial.submission("a"))
            try await trial.time.sleep(.seconds(3))
            #expect(told.orders.map(\.status) == [.pending, .filled])
        }
    }
}
