import KiteConnect
import Synchronization
import Testing

@testable import KiteSimulator

/// Our pool of ticker connections against the simulator, whose end keeps breaking.
@Suite(.timeLimit(.minutes(3))) struct TickerKillTests {
    /// What the pool told of each order.
    private final class Told: Sendable {
        private let last = Mutex<[String: KiteOrder]>([:])

        func take(_ order: KiteOrder) { last.withLock { $0[order.orderID] = order } }

        /// Orders of the book that were not told as they stand.
        func lacking(_ book: [KiteOrder]) -> [String] {
            last.withLock { last in
                book.filter { row in
                    let told = last[row.orderID]
                    return told?.filledQuantity != row.filledQuantity || told?.status.isFinal != row.status.isFinal
                }.map(\.orderID)
            }
        }
    }

    private static var hasty: KiteTickerOptions {
        var options = KiteTickerOptions()
        options.instrumentLimit = 300
        options.firstDelay = .milliseconds(1)
        options.longestDelay = .milliseconds(5)
        options.firstBookDelay = .milliseconds(1)
        options.longestBookDelay = .milliseconds(10)
        return options
    }

    @Test func `after each of 100 kills three connections have all 650 instruments and no order news is lost`()
        async throws
    {
        try await SimulatedBroker.with(ticker: TickerOptions(interval: .milliseconds(20))) { broker in
            let kite = try await broker.signedIn().unpaced(broker)
            let tokens = try await kite.instruments().rows().prefix(650).map(\.instrumentToken)
            let pool = KiteTickerPool(
                configuration: kite.configuration, options: Self.hasty,
                context: KiteTickerContext { () async throws(KiteError) in try await kite.orders() })
            try await pool.subscribe(tokens, mode: .quote)
            let told = Told()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await pool.run() }
                group.addTask { for await update in pool.orderUpdates { told.take(update.order) } }
                group.addTask { for await _ in pool.ticks {} }
                try await Self.breakOften(broker, kite, wanted: tokens.count)
                let book = try await kite.orders()
                #expect(book.count == 200)
                try await until("orders that were not told") { told.lacking(book).isEmpty }
                group.cancelAll()
            }
        }
    }

    /// Kills every connection a hundred times at a random moment, with orders before and after each.
    private static func breakOften(_ broker: SimulatedBroker, _ kite: KiteClient, wanted: Int) async throws {
        var chance = SplitMix(state: 5)
        let ticker = broker.kite.ticker
        for kill in 1...100 {
            _ = try await kite.placeOrder(order())
            try await Task.sleep(for: .microseconds(Int.random(in: 0...20_000, using: &chance)))
            _ = await ticker.disconnect(number: nil, userID: nil, abruptly: kill % 4 != 0)
            _ = try await kite.placeOrder(order())
            try await until("subscriptions after kill \(kill)") {
                await ticker.connections.map(\.instruments).reduce(0, +) == wanted
            }
        }
    }

    private static func order() -> KiteOrderRequest {
        KiteOrderRequest(
            exchange: .nse, tradingsymbol: "INFY", transactionType: .buy, quantity: 1, product: .mis,
            orderType: .market, marketProtection: -1)
    }
}

/// Asks until something holds, twenty seconds long; records what was waited for when it does not.
private func until(_ what: String, _ probe: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while try await !probe() {
        guard ContinuousClock.now < deadline else {
            Issue.record("waited in vain: \(what)")
            return
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}

extension KiteClient {
    /// The same session without Kite's rates, which the simulator of this test does not keep either.
    fileprivate func unpaced(_ broker: SimulatedBroker) -> KiteClient {
        KiteClient(configuration: configuration, httpClient: broker.http, pacer: nil)
    }
}
