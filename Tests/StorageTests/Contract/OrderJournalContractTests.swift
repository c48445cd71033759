import Gateway
import Testing
import Trading

struct OrderJournalContractTests {
    private static let history: [OrderEvent] = [
        .outcomeUnknown(reason: "timed out"), .acknowledged(brokerOrderID: "250107000001"),
        .reported(
            OrderReport(
                brokerOrderID: "250107000001", status: .filled, quantity: 75, filledQuantity: 75,
                averagePrice: Price(paise: 2_450_000))),
    ]

    @Test(arguments: StoreEngine.all)
    func `an order comes back with all that happened to it, also after a restart`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, reopen in
            let intent = Sample.intent(7, label: "straddle")
            let events = Self.history.enumerated().map { Sample.event(7, Int64($0.offset) + 1, $0.element) }
            try await stores.journal.record(intent)
            for event in events { try await stores.journal.append([event]) }
            let kept = JournaledOrder(intent: intent, events: events)
            #expect(kept.order.status == .filled)
            for journal in [stores.journal, try await reopen().journal] {
                #expect(try await journal.orders(of: intent.account, since: intent.placedTime) == [kept])
                #expect(try await journal.order(account: intent.account, idempotencyKey: "key 7") == kept)
                #expect(try await journal.lastOrderID() == OrderID(7))
            }
        }
    }

    @Test(arguments: StoreEngine.all)
    func `an empty journal has nothing`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            let account = TradingAccountID(1)
            #expect(try await stores.journal.lastOrderID() == nil)
            #expect(try await stores.journal.order(account: account, idempotencyKey: "k") == nil)
            #expect(try await stores.journal.orders(of: account, since: Timestamp(seconds: 0)).isEmpty)
            try await stores.journal.append([])
        }
    }

    @Test(arguments: StoreEngine.all)
    func `a key is taken once per account and gives back the order it made`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            let first = Sample.intent(1, key: "k")
            let event = Sample.event(1, 1, .acknowledged(brokerOrderID: "B1"))
            try await stores.journal.record(first)
            try await stores.journal.append([event])
            try await stores.journal.record(Sample.intent(2, account: 2, key: "k"))
            do {
                try await stores.journal.record(Sample.intent(3, key: "k"))
                Issue.record("the key was taken twice")
            } catch {
                guard case .duplicateKey(let existing) = error as? JournalError else { throw error }
                #expect(existing == JournaledOrder(intent: first, events: [event]))
            }
            #expect(try await stores.journal.lastOrderID() == OrderID(2))
        }
    }

    @Test(arguments: StoreEngine.all)
    func `500 at once with one key make one order and all hear of it`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            let outcomes = await withTaskGroup(of: OrderID?.self) { group in
                for number in 1...500 {
                    group.addTask {
                        do {
                            try await stores.journal.record(Sample.intent(Int64(number), key: "k"))
                            return OrderID(Int64(number))
                        } catch {
                            guard case .duplicateKey(let existing) = error as? JournalError else { return nil }
                            return existing.intent.orderID
                        }
                    }
                }
                return await group.reduce(into: [OrderID?]()) { $0.append($1) }
            }
            #expect(outcomes.count == 500)
            #expect(Set(outcomes).count == 1)
            #expect(outcomes.first != OrderID?.none)
            let kept = try await stores.journal.orders(of: TradingAccountID(1), since: Timestamp(seconds: 0))
            #expect(kept.map(\.intent.orderID) == outcomes.first.flatMap { $0 }.map { [$0] })
        }
    }

    @Test(arguments: StoreEngine.all)
    func `a tag or a number in use under another key is refused`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            try await stores.journal.record(Sample.intent(1))
            for clash in [Sample.intent(2, tag: "TAG1"), Sample.intent(1, key: "other", tag: "OTHER")] {
                do {
                    try await stores.journal.record(clash)
                    Issue.record("a clash was kept")
                } catch {
                    guard case .unavailable = error as? JournalError else { throw error }
                }
            }
            try await stores.journal.record(Sample.intent(3, account: 2, tag: "TAG1"))
        }
    }

    @Test(arguments: StoreEngine.all)
    func `an event that is kept already may come again, another in its place may not`(
        engine: StoreEngine
    ) async throws {
        try await engine.withStores { stores, _ in
            try await stores.journal.record(Sample.intent(1))
            let first = Sample.event(1, 1, .outcomeUnknown(reason: "timed out"))
            try await stores.journal.append([first])
            try await stores.journal.append([first, Sample.event(1, 2, .acknowledged(brokerOrderID: "B1"))])
            await #expect(throws: JournalError.self) {
                try await stores.journal.append([
                    Sample.event(1, 3, .rejected(reason: "no")), Sample.event(1, 1, .rejected(reason: "no")),
                ])
            }
            let kept = try await stores.journal.order(account: TradingAccountID(1), idempotencyKey: "key 1")
            #expect(kept?.events.map(\.sequence) == [1, 2])
        }
    }

    @Test(arguments: StoreEngine.all)
    func `events of an order without an intent are refused, all of the call`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            try await stores.journal.record(Sample.intent(1))
            await #expect(throws: JournalError.self) {
                try await stores.journal.append([
                    Sample.event(1, 1, .denied(reason: "x")), Sample.event(2, 1, .denied(reason: "x")),
                ])
            }
            let kept = try await stores.journal.order(account: TradingAccountID(1), idempotencyKey: "key 1")
            #expect(kept?.events == [])
            try await stores.journal.append([Sample.event(1, 1, .denied(reason: "x"))])
        }
    }

    @Test(arguments: StoreEngine.all)
    func `orders come oldest first, from an instant on, of one account`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            let times: [Int64] = [30, 10, 20, 20, 40]
            for (index, second) in times.enumerated() {
                try await stores.journal.record(
                    Sample.intent(Int64(index) + 1, at: Timestamp(seconds: second)))
            }
            try await stores.journal.record(Sample.intent(9, account: 2, at: Timestamp(seconds: 20)))
            let kept = try await stores.journal.orders(of: TradingAccountID(1), since: Timestamp(seconds: 20))
            #expect(kept.map(\.intent.orderID.rawValue) == [3, 4, 1, 5])
        }
    }

    @Test(arguments: StoreEngine.all)
    func `every sort of order and event comes back exactly`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            var random = SeededNumbers(state: 20_251_107)
            var expected: [JournaledOrder] = []
            for number in Int64(1)...300 {
                let intent = Sample.intent(
                    number, request: random.request(), label: random.chance() ? "label é🔑 '\(number)" : nil)
                let events = (Int64(1)...3).map { Sample.event(number, $0, random.event()) }
                try await stores.journal.record(intent)
                try await stores.journal.append(events)
                expected.append(JournaledOrder(intent: intent, events: events))
            }
            let kept = try await stores.journal.orders(of: TradingAccountID(1), since: Timestamp(seconds: 0))
            #expect(kept == expected)
        }
    }
}
