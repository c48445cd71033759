extension KiteClient {
    /// Positions: what is carried and today's activity, flat rows of the day included.
    public func positions() async throws(KiteError) -> KitePositions {
        try await value(WireRequest(.get, "/portfolio/positions"))
    }

    /// Shares in the demat account.
    public func holdings() async throws(KiteError) -> [KiteHolding] {
        try await list(WireRequest(.get, "/portfolio/holdings"))
    }

    /// Holdings in short form; undocumented by Kite.
    public func compactHoldings() async throws(KiteError) -> [KiteCompactHolding] {
        try await list(WireRequest(.get, "/portfolio/holdings/compact"))
    }

    /// Totals over the holdings; undocumented by Kite.
    public func holdingsSummary() async throws(KiteError) -> KiteHoldingsSummary {
        try await value(WireRequest(.get, "/portfolio/holdings/summary"))
    }

    /// Holdings that may be sold in today's auctions.
    public func auctions() async throws(KiteError) -> [KiteHolding] {
        try await list(WireRequest(.get, "/portfolio/holdings/auctions"))
    }
}
