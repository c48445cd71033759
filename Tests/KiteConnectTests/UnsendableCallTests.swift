import Testing

@testable import KiteConnect

/// Calls that cannot be meant never reach Kite.
@Suite struct UnsendableCallTests {
    static let unsendable: [(name: String, call: KiteEndpointTests.Call)] = [
        ("alerts deleted without a uuid", { try await $0.deleteAlerts([]) }),
        ("alerts deleted with an empty uuid", { try await $0.deleteAlerts(["u1", ""]) }),
        ("an alert without uuid", { _ = try await $0.alert("") }),
        ("the history of an alert without uuid", { _ = try await $0.alertHistory("") }),
        (
            "an alert that compares with infinity",
            {
                var alert = KiteEndpointTests.simple
                alert.right = .constant(.infinity)
                try await $0.createAlert(alert)
            }
        ),
        (
            "an alert with an empty basket",
            {
                var alert = KiteEndpointTests.simple
                alert.basket = KiteAlertBasketRequest(name: "b", orders: [])
                try await $0.createAlert(alert)
            }
        ),
        (
            "two legs in the wrong order",
            {
                try await $0.placeTrigger(
                    KiteEndpointTests.trigger(.twoLeg(lower: KiteEndpointTests.target, upper: KiteEndpointTests.stop)))
            }
        ),
        (
            "a trigger at no price",
            {
                var leg = KiteEndpointTests.stop
                leg.triggerPrice = .nan
                try await $0.placeTrigger(KiteEndpointTests.trigger(.single(leg)))
            }
        ),
        ("margins of no order", { _ = try await $0.orderMargins([]) }),
        (
            "charges of an order without a price",
            {
                _ = try await $0.contractNotes([
                    KiteChargedOrder(
                        orderID: "x", exchange: .nse, tradingsymbol: "SBIN", transactionType: .buy, product: .cnc,
                        orderType: .market, quantity: 1, averagePrice: 0)
                ])
            }
        ),
        ("a fund order without id", { try await $0.cancelFundOrder("") }),
        ("a plan without id", { try await $0.cancelFundPlan("") }),
        ("a fund holding without ISIN", { _ = try await $0.fundHolding(isin: "") }),
        ("all quotes of nothing", { _ = try await $0.allQuotes([]) }),
        (
            "candles of a span that ends before it begins",
            {
                _ = try await $0.allCandles(
                    instrumentToken: 1, interval: .day, from: KiteTime(unixSeconds: 10), to: KiteTime(unixSeconds: 9))
            }
        ),
    ]

    @Test(arguments: unsendable.indices) func `what cannot be meant is refused before sending`(index: Int) async {
        let transport = RecordingTransport("{\"data\":null}")
        let error = await #expect(throws: KiteError.self) {
            try await Self.unsendable[index].call(
                KiteClient(configuration: KiteConfiguration(apiKey: "thekey"), transport: transport))
        }
        #expect(error?.code == .input, "\(Self.unsendable[index].name)")
        #expect(error?.effect == KiteError.Effect.none)
        #expect(transport.requests.isEmpty)
    }
}
