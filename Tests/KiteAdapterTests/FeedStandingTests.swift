import Brokers
import KiteConnect
import Testing

@testable import KiteAdapter

@Suite struct FeedStandingTests {
    @Test func `orders come while one connection of the pool stands`() {
        var standing = FeedStanding()
        let loss = KiteTickerEvent.disconnected(.closed(code: 1006, reason: ""), retryIn: .seconds(1))
        let steps: [(Int?, KiteTickerEvent, BrokerConnection?)] = [
            (0, .connected, .connected), (1, .connected, .connected), (0, loss, nil), (0, .connected, .connected),
            (1, .rested, nil), (nil, .orderBookRead(orders: 1, news: 1), nil), (0, .stalled(.seconds(10)), nil),
            (0, loss, .disconnected(reason: "\(KiteTickerLoss.closed(code: 1006, reason: ""))")),
        ]
        for (index, step) in steps.enumerated() {
            let told = standing.take(KiteTickerPoolEvent(connection: step.0, event: step.1))
            #expect(told == step.2, "step \(index)")
        }
    }
}
