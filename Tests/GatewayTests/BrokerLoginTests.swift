import Brokers
import Gateway
import Testing
import Trading

struct BrokerLoginTests {
    @Test func `without a login nothing is sent or asked, and a new one has the book read again`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            await session.setLogin(.missing(reason: "no login"))
            #expect(await session.state.readiness == .signedOut(reason: "no login"))
            await #expect(throws: GatewayError.signedOut(reason: "no login")) {
                try await session.submit(Trial.submission("a"))
            }
            await #expect(throws: GatewayError.signedOut(reason: "no login")) { try await session.cancel("B1") }
            await #expect(throws: BrokerError(.notSent, .session, "no login")) {
                try await session.positions(fresh: true)
            }
            let reads = trial.broker.look(\.bookReads).count
            trial.broker.take(BrokerOrder(request: Trial.submission("x").request, clientOrderID: "byhand"))
            try await trial.time.sleep(.seconds(120))
            #expect(trial.broker.look(\.bookReads).count == reads)
            #expect(await session.orders().isEmpty)

            await session.setLogin(.valid(until: nil))
            try await trial.time.sleep(.milliseconds(100))
            #expect(await session.orders().map(\.label) == ["byhand"])
            #expect(try await session.submit(Trial.submission("a")).order.status == .acknowledged)
        }
        #expect(trial.journal.intents.count == 1)
    }

    @Test func `a login ends by the clock, whoever noticed`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            let end = trial.time.keeping.now().advanced(by: .seconds(60))
            await session.setLogin(.valid(until: end))
            #expect(try await session.submit(Trial.submission("a")).order.status == .acknowledged)
            try await trial.time.sleep(.seconds(60))
            let error = await #expect(throws: GatewayError.self) { try await session.submit(Trial.submission("b")) }
            guard case .signedOut(let reason) = error else {
                Issue.record("another refusal: \(String(describing: error))")
                return
            }
            #expect(reason.contains(end.indianText))
        }
        #expect(trial.broker.placed.count == 1)
    }

    @Test func `an order that waits for the broker's limits does not leave after the login ended`() throws {
        let trial = Trial(limits: OrderLimits(perSecond: 1, perMinute: 400, perDay: 5_000))
        try trial.trade { session async throws in
            #expect(try await session.submit(Trial.submission("a")).order.status == .acknowledged)
            let end = trial.time.keeping.now().advanced(by: .milliseconds(500))
            await session.setLogin(.valid(until: end))
            let late = try await session.submit(Trial.submission("b")).order
            #expect(late.status == .notSent)
            #expect(late.message?.contains("login") == true)
        }
        #expect(trial.broker.placed.count == 1)
    }

    @Test func `an order in doubt is not presumed lost while nobody may ask, and is found afterwards`() throws {
        let trial = Trial()
        trial.broker.script { $0.fates = [.answerLost(visible: .seconds(300))] }
        try trial.trade { session async throws in
            let id = try await session.submit(Trial.submission("a")).order.id
            await session.setLogin(.missing(reason: "no login"))
            try await trial.time.sleep(.seconds(400))
            #expect(await session.orders().first { $0.id == id }?.status == .unknown)
            await session.setLogin(.valid(until: nil))
            try await trial.time.sleep(.seconds(10))
            #expect(await session.orders().first { $0.id == id }?.status.isOpen == true)
        }
        #expect(trial.broker.placed.count == 1)
    }
}
