import Testing

@testable import KiteConnect

@Suite struct TickerSubscriptionsTests {
    @Test func `a new subscription states its mode`() {
        var subscriptions = TickerSubscriptions()
        subscriptions.want(408_065, mode: .full)
        subscriptions.want(256_265, mode: .ltp)
        #expect(
            subscriptions.takeMessages(batchSize: 500) == [
                #"{"a":"subscribe","v":[256265,408065]}"#,
                #"{"a":"mode","v":["ltp",[256265]]}"#,
                #"{"a":"mode","v":["full",[408065]]}"#,
            ])
        #expect(subscriptions.takeMessages(batchSize: 500) == [])
    }

    @Test func `only what changed is sent, ended ones first`() {
        var subscriptions = TickerSubscriptions()
        for token in UInt32(1)...3 { subscriptions.want(token, mode: .quote) }
        _ = subscriptions.takeMessages(batchSize: 500)
        subscriptions.drop(1)
        subscriptions.want(2, mode: .full)
        subscriptions.want(4, mode: .quote)
        #expect(
            subscriptions.takeMessages(batchSize: 500) == [
                #"{"a":"unsubscribe","v":[1]}"#, #"{"a":"subscribe","v":[4]}"#, #"{"a":"mode","v":["quote",[4]]}"#,
                #"{"a":"mode","v":["full",[2]]}"#,
            ])
    }

    @Test func `what came and went between two messages is not sent at all`() {
        var subscriptions = TickerSubscriptions()
        subscriptions.want(1, mode: .full)
        subscriptions.drop(1)
        #expect(subscriptions.takeMessages(batchSize: 500) == [])
    }

    @Test func `a new connection is told everything`() {
        var subscriptions = TickerSubscriptions()
        subscriptions.want(1, mode: .full)
        let first = subscriptions.takeMessages(batchSize: 500)
        subscriptions.connectionWasLost()
        #expect(subscriptions.takeMessages(batchSize: 500) == first)
    }

    @Test func `many instruments go in batches that together name each once`() {
        var subscriptions = TickerSubscriptions()
        for token in UInt32(1)...3000 { subscriptions.want(token << 8 | 2, mode: .full) }
        let messages = subscriptions.takeMessages(batchSize: 500)
        #expect(messages.count == 12)
        let named = messages.prefix(6).flatMap { $0.split { !$0.isNumber }.compactMap { UInt32($0) } }
        #expect(named == (UInt32(1)...3000).map { $0 << 8 | 2 })
    }
}

@Suite struct TickerBackoffTests {
    @Test func `delays double up to the longest`() {
        var backoff = TickerBackoff(KiteTickerOptions())
        let delays = (0..<9).map { _ in
            backoff.delay(after: .connectFailed("no"), stoodFor: nil, random: 0.999_999_999)
        }
        let expected: [Double] = [1, 2, 4, 8, 16, 32, 60, 60, 60]
        for (delay, seconds) in zip(delays, expected) { #expect(abs(delay / .seconds(1) - seconds) < 1e-6) }
    }

    @Test func `chance spreads delays over the upper half`() {
        for random in [0.0, 0.25, 0.5, 0.75] {
            var backoff = TickerBackoff(KiteTickerOptions())
            let delay = backoff.delay(after: .silent(.seconds(5)), stoodFor: .seconds(6), random: random)
            #expect(delay == .seconds(1) * (0.5 + 0.5 * random))
        }
    }

    @Test func `a connection that stood begins the delays anew, one that did not goes on`() {
        var backoff = TickerBackoff(KiteTickerOptions())
        let loss = KiteTickerLoss.closed(code: 1006, reason: "")
        #expect(backoff.delay(after: loss, stoodFor: .seconds(3), random: 0) == .seconds(0.5))
        #expect(backoff.delay(after: loss, stoodFor: .seconds(3), random: 0) == .seconds(1))
        #expect(backoff.delay(after: loss, stoodFor: .seconds(10), random: 0) == .seconds(0.5))
    }

    @Test func `a refused session is tried slowly, other refusals as any loss`() {
        var backoff = TickerBackoff(KiteTickerOptions())
        #expect(backoff.delay(after: .refused(status: 403), stoodFor: nil, random: 0) == .seconds(15))
        #expect(backoff.delay(after: .refused(status: 401), stoodFor: nil, random: 0) == .seconds(30))
        for _ in 0..<9 { _ = backoff.delay(after: .refused(status: 403), stoodFor: nil, random: 0) }
        #expect(backoff.delay(after: .refused(status: 403), stoodFor: nil, random: 0) == .seconds(150))
        #expect(backoff.delay(after: .refused(status: 502), stoodFor: nil, random: 0) == .seconds(0.5))
        #expect(backoff.delay(after: .renewed, stoodFor: nil, random: 0) == .zero)
    }
}
