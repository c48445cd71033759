import Brokers
import Logging
import Trading

extension AccountSession {
    /// Positions as last told; read from the broker when asked for or when nothing is known.
    package func positions(fresh: Bool = false) async throws(BrokerError) -> Reading<PositionBook> {
        if !fresh, let known = portfolio.positions { return known }
        return try await readPositions()
    }

    /// Shares as last told; read from the broker when asked for or when nothing is known.
    package func holdings(fresh: Bool = false) async throws(BrokerError) -> Reading<[Holding]> {
        if !fresh, let known = portfolio.holdings { return known }
        return try await readHoldings()
    }

    /// Funds as last told; read from the broker when asked for or when nothing is known.
    package func margins(fresh: Bool = false) async throws(BrokerError) -> Reading<[MarginSegment: Margin]> {
        if !fresh, let known = portfolio.margins { return known }
        return try await readMargins()
    }

    /// Reads everything again; what fails stays as it was known.
    func readPortfolio() async {
        guard signedOutReason == nil else { return }
        do throws(BrokerError) {
            _ = try await readPositions()
            _ = try await readMargins()
            if portfolio.holdings == nil { _ = try await readHoldings() }
        } catch {
            parts.logger.warning("the portfolio cannot be read", metadata: ["error": "\(error)"])
        }
    }

    private func readPositions() async throws(BrokerError) -> Reading<PositionBook> {
        try requireLogin()
        let book = try await parts.broker.positions()
        let before = Dictionary(
            (portfolio.positions?.value.net ?? []).map { (PositionKey($0), $0) }, uniquingKeysWith: { $1 })
        let reading = Reading(value: book, time: parts.time.now(), revision: portfolio.nextRevision())
        portfolio.positions = reading
        for position in book.net where before[PositionKey(position)] != position {
            updates.send(.position(position))
        }
        await parts.broker.watch(portfolio.tokens)
        return reading
    }

    private func readHoldings() async throws(BrokerError) -> Reading<[Holding]> {
        try requireLogin()
        let reading = Reading(value: try await parts.broker.holdings(), time: parts.time.now())
        portfolio.holdings = reading
        await parts.broker.watch(portfolio.tokens)
        return reading
    }

    private func readMargins() async throws(BrokerError) -> Reading<[MarginSegment: Margin]> {
        try requireLogin()
        let reading = Reading(value: try await parts.broker.margins(), time: parts.time.now())
        portfolio.margins = reading
        return reading
    }

    /// Positions whose price moved since the last call.
    func takeMovedPositions() -> [Position] {
        defer { moved = [:] }
        return moved.values.sorted {
            ($0.instrument.symbol, $0.product.rawValue) < ($1.instrument.symbol, $1.product.rawValue)
        }
    }
}

/// What tells one position of an account from another.
struct PositionKey: Hashable {
    let instrument: InstrumentID
    let product: Product

    init(_ position: Position) {
        instrument = position.instrument
        product = position.product
    }
}
