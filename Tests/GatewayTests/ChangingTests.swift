import Brokers
import Gateway
import Testing
import Trading

struct ChangingTests {
    @Test func `a change reaches the broker with all terms and comes back from its book`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            _ = try await session.submit(Trial.submission("a"))
            let order = try await session.modify("B1", OrderChange(price: Price(rupees: 805)))
            #expect(order.price == Price(rupees: 805) && order.quantity == 10 && order.status == .working)
        }
        let change = try #require(trial.broker.look(\.changes).first)
        #expect(change.number == "B1" && change.change.current.price == Price(rupees: 805))
        #expect(change.change.current.quantity == 10 && change.change.change.quantity == nil)
    }

    @Test func `a change that breaks a rule is not sent`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            _ = try await session.submit(Trial.submission("a"))
            await #expect(throws: GatewayError.denied(.priceOffTick(tick: Price(paise: 5)))) {
                try await session.modify("B1", OrderChange(price: Price(paise: 80_001)))
            }
            await #expect(throws: GatewayError.denied(.triggerMissing(.stopLimit))) {
                try await session.modify("B1", OrderChange(type: .stopLimit))
            }
        }
        #expect(trial.broker.look(\.changes).isEmpty)
    }

    @Test func `a change to a market order carries protection`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            _ = try await session.submit(Trial.submission("a"))
            _ = try await session.modify("B1", OrderChange(type: .market))
        }
        let change = try #require(trial.broker.look(\.changes).first)
        #expect(change.change.current.marketProtection == .automatic && change.change.current.price == nil)
    }

    @Test func `a cancelled order is cancelled, and cannot be cancelled again`() throws {
        let trial = Trial()
        try trial.trade { session async throws in
            _ = try await session.submit(Trial.submission("a"))
            trial.broker.fill("B1", 3, at: Price(rupees: 800))
            let order = try await session.cancel("B1")
            #expect(order.status == .cancelled && order.filledQuantity == 3 && order.cancelledQuantity == 7)
            await #expect(throws: GatewayError.notOpen(.cancelled)) { try await session.cancel("B1") }
            await #expect(throws: GatewayError.unknownOrder) { try await session.cancel("B9") }
        }
        #expect(trial.broker.look(\.cancels) == ["B1"])
    }

    @Test(arguments: [
        (BrokerError.Outcome.rejected, "refused"), (.unknown, "outcomeUnknown"), (.notSent, "notReady"),
    ])
    func `a failed change says whether it may have happened`(outcome: BrokerError.Outcome, word: String) throws {
        let trial = Trial()
        trial.broker.script { $0.changeFault = BrokerError(outcome, .order, "Not now.") }
        try trial.trade { session async throws in
            _ = try await session.submit(Trial.submission("a"))
            await #expect {
                try await session.cancel("B1")
            } throws: {
                "\($0)".contains(word) && "\($0)".contains("Not now.")
            }
            #expect(await session.order(brokerOrderID: "B1")?.status == .working)
        }
        #expect(trial.broker.look(\.cancels) == ["B1"])
    }

    @Test func `orders placed elsewhere can be cancelled too`() throws {
        let trial = Trial()
        trial.broker.take(BrokerOrder(request: Trial.submission("x").request, clientOrderID: "byhand"))
        try trial.trade { session async throws in
            let order = try await session.cancel("B1")
            #expect(order.status == .cancelled)
        }
    }
}
