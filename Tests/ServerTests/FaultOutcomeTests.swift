import KiteConnect
import KiteSimulator
import PaperExchange
import Testing

@testable import Server

/// What our client makes of each way in which an exchange goes wrong, against what the exchange knows.
@Suite(.timeLimit(.minutes(2))) struct FaultOutcomeTests {
    private static let order = KiteOrderRequest(
        exchange: .nse, tradingsymbol: "RELIANCE", transactionType: .buy, quantity: 1, product: .mis,
        orderType: .market, tag: "outcome", marketProtection: -1)

    /// Places an order while something goes wrong; nil where the answer is a success.
    private func place(_ spec: String) async throws -> (effect: KiteError.Effect?, stands: Bool) {
        try await ExchangeFixture.run { exchange in
            var effect: KiteError.Effect?
            let client = try await exchange.signIn(timeout: .milliseconds(1_500))
            exchange.house.kite.faults.inject(try FaultRule(spec: spec))
            do throws(KiteError) {
                _ = try await client.placeOrder(Self.order)
            } catch {
                effect = error.effect
            }
            let entries = exchange.house.kite.ledger.entries()
            return (effect, entries.contains { $0.effect.kind == .placement && $0.effect.order.tag == "outcome" })
        }
    }

    @Test(
        arguments: [
            ("drop-response:placing", .unknown, true), ("drop-request:placing", .unknown, false),
            ("hang-response:placing", .unknown, true), ("hang-request:placing", .unknown, false),
            ("delay=100ms:placing", nil, true), ("delay-response=100ms:placing", nil, true),
            ("delay-response=6s:placing", .unknown, true), ("status=500:placing", .unknown, false),
            ("status=500:placing:moment=after", .unknown, true), ("status=502:placing:moment=after", .unknown, true),
            ("status=503:placing:moment=after", .unknown, true), ("status=504:placing:moment=after", .unknown, true),
            ("page=500:placing:moment=after", .unknown, true), ("page=502:placing", .unknown, false),
            ("page=502:placing:moment=after", .unknown, true), ("truncate:placing", .unknown, true),
            ("cut:placing", .unknown, true), ("empty:placing", .unknown, true),
            ("empty:placing:moment=before", .unknown, false), ("bare:placing", .unknown, true),
            ("false-refusal=timeout:placing", .unknown, true), ("false-refusal=network:placing", .unknown, true),
            ("outage", .unknown, false), ("status=429:placing", KiteError.Effect.none, false),
            ("status=403:placing", .refused, false), ("status=400:placing", .refused, false),
        ] as [(String, KiteError.Effect?, Bool)])
    func `an order that may stand is never called refused`(
        spec: String, effect: KiteError.Effect?, stands: Bool
    ) async throws {
        let outcome = try await place(spec)
        #expect(outcome.effect == effect)
        #expect(outcome.stands == stands)
    }

    @Test func `a refusal in Kite's own words cannot be told from a true one`() async throws {
        for kind in ["input", "order"] {
            let outcome = try await place("false-refusal=\(kind):placing")
            #expect(outcome.stands)
            #expect(outcome.effect == .refused)
        }
    }
}
