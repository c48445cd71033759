import Brokers
import KiteConnect
import Logging
import Trading

/// Zerodha Kite behind the broker port; every Kite word is translated in this module and nowhere else.
package struct KiteBroker: Broker {
    private let line: KiteLine
    private let ticker: KiteTickerPool
    private let notes: FeedNotes

    /// Takes a client that is signed in; its session is the ticker's as well.
    package init(client: KiteClient, logger: Logger) {
        notes = FeedNotes(logger: logger)
        let line = KiteLine(client)
        self.line = line
        ticker = KiteTickerPool(
            configuration: client.configuration,
            context: KiteTickerContext { () async throws(KiteError) in try await line.client.orders() })
    }

    private var client: KiteClient { line.client }

    /// Goes on with a new session; calls on their way are answered under the one they left with.
    package func renew(accessToken: String) async {
        line.renew(accessToken: accessToken)
        await ticker.update(accessToken: accessToken)
    }

    /// Limits of a client account over all its applications. Source: Kite Connect, rate limits.
    package var capabilities: BrokerCapabilities {
        BrokerCapabilities(
            tagLength: 20, orderLimits: OrderLimits(perSecond: 10, perMinute: 400, perDay: 5_000))
    }

    package func place(_ order: BrokerOrder) async throws(BrokerError) -> String {
        let request = try KiteOrderRequest(order)
        do throws(KiteError) {
            let receipt = try await client.placeOrder(request)
            guard let number = receipt.orderID else {
                throw KiteError(.invalidResponse, effect: .unknown, message: "Kite's answer names no order.")
            }
            return number
        } catch {
            throw BrokerError(error)
        }
    }

    package func modify(_ brokerOrderID: String, _ change: BrokerOrderChange) async throws(BrokerError) {
        let request = try KiteOrderChange(change)
        do throws(KiteError) {
            _ = try await client.modifyOrder(brokerOrderID, change: request)
        } catch {
            throw BrokerError(error)
        }
    }

    package func cancel(_ brokerOrderID: String) async throws(BrokerError) {
        do throws(KiteError) {
            _ = try await client.cancelOrder(brokerOrderID)
        } catch {
            throw BrokerError(error)
        }
    }

    package func orders() async throws(BrokerError) -> [BrokerOrderRow] {
        try await read { () throws(KiteError) in try await client.orders() }.compactMap(BrokerOrderRow.init)
    }

    package func trades() async throws(BrokerError) -> [Trade] {
        try await read { () throws(KiteError) in try await client.trades() }.compactMap(Trade.init)
    }

    package func positions() async throws(BrokerError) -> PositionBook {
        let positions = try await read { () throws(KiteError) in try await client.positions() }
        return PositionBook(
            net: positions.net.compactMap(Position.init), day: positions.day.compactMap(Position.init))
    }

    package func holdings() async throws(BrokerError) -> [Holding] {
        try await read { () throws(KiteError) in try await client.holdings() }.compactMap(Holding.init)
    }

    package func margins() async throws(BrokerError) -> [MarginSegment: Margin] {
        let margins = try await read { () throws(KiteError) in try await client.margins() }
        var result: [MarginSegment: Margin] = [:]
        result[.equity] = margins.equity.flatMap(Margin.init)
        result[.commodity] = margins.commodity.flatMap(Margin.init)
        return result
    }

    package func profile() async throws(BrokerError) -> BrokerProfile {
        let profile = try await read { () throws(KiteError) in try await client.profile() }
        return BrokerProfile(userID: profile.userID, userName: profile.userName, email: profile.email)
    }

    /// Runs a read; its failure never changed anything.
    private func read<Value>(
        _ call: () async throws(KiteError) -> Value
    ) async throws(BrokerError) -> Value {
        do throws(KiteError) {
            return try await call()
        } catch {
            throw BrokerError(error)
        }
    }

    package func watch(_ tokens: Set<InstrumentToken>) async {
        let wanted = Set(tokens.map(\.rawValue))
        let present = Set(await ticker.subscribed.keys)
        await ticker.unsubscribe(present.subtracting(wanted))
        // Over the limit of all connections the newest go without live prices; they are marked when read.
        try? await ticker.subscribe(wanted.subtracting(present), mode: .quote)
    }

    package func stream(to sink: any BrokerUpdateSink) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await ticker.run() }
            group.addTask {
                for await update in ticker.orderUpdates {
                    guard let row = BrokerOrderRow(update.order) else { continue }
                    await sink.orderChanged(row)
                }
            }
            group.addTask {
                for await ticks in ticker.ticks { await sink.pricesChanged(ticks.map(PriceMark.init)) }
            }
            group.addTask {
                var standing = FeedStanding()
                for await event in ticker.events {
                    notes.take(event)
                    if let state = standing.take(event) { await sink.connectionChanged(state) }
                }
            }
        }
    }
}

extension PriceMark {
    /// Reads the prices of a tick; a close of zero is no close.
    init(_ tick: Tick) {
        let close = tick.kind == .lastPrice ? 0 : tick.close.tenThousandths
        self.init(
            token: InstrumentToken(tick.instrumentToken),
            lastPrice: Price(tenThousandths: tick.lastPrice.tenThousandths),
            closePrice: close == 0 ? nil : Price(tenThousandths: close))
    }
}
