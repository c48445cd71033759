import Testing
import WebSocket

@testable import KiteSimulator

@Suite(.timeLimit(.minutes(1))) struct ConnectionLimitTests {
    @Test func `connections over the limit are counted, or refused where that is the rule`() async throws {
        for isStrict in [false, true] {
            var options = TickerOptions(interval: .milliseconds(10))
            options.connectionLimit = 2
            options.refusesSurplus = isStrict
            try await withKite(ticker: options) { running in
                let session = try await running.signIn()
                for number in 1...2 {
                    _ = try await running.ticker(session)
                    while await running.kite.tickerConnections < number { await Task.yield() }
                }
                do {
                    _ = try await running.ticker(session)
                    #expect(!isStrict)
                    while await running.kite.tickerConnections < 3 { await Task.yield() }
                    #expect(running.kite.counts.count(of: .tickerSurplus) == 1)
                } catch WebSocketConnectError.refused(let status, _) {
                    #expect(isStrict)
                    #expect(status == 403)
                }
            }
        }
    }
}
