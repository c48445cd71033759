import JSON

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

    /// Carries a position under another product.
    ///
    /// With effect `.unknown` the conversion may have happened: look at `positions()` before asking again.
    public func convertPosition(_ conversion: KitePositionConversion) async throws(KiteError) {
        var request = WireRequest(.put, "/portfolio/positions")
        request.form = conversion.form
        try await decode(request) { (data) throws(KiteError) in
            guard data.bool == true else { throw .unreadable("position conversion: data is not true") }
        }
    }

    /// Opens an authorisation of holdings for sale; send the user to `authorisationPageURL` with its request id.
    ///
    /// Needed where a sale fails with `.authorisationRequired`. Valid for one session.
    public func authoriseHoldings(
        _ authorisation: KiteAuthorisationRequest = KiteAuthorisationRequest()
    ) async throws(KiteError) -> KiteHoldingsAuthorisation {
        var request = WireRequest(.post, "/portfolio/holdings/authorise")
        request.form = try authorisation.form()
        return try await value(request)
    }

    /// The page on which a user authorises holdings at the depository; it ends at `finish?status=success|error`.
    public func authorisationPageURL(requestID: String) -> String {
        var root = configuration.loginPageURL[...]
        if root.hasSuffix("/login") { root = root.dropLast("/login".count) }
        return root + "/portfolio/authorise/holdings/" + FormEncoding.segment(configuration.apiKey) + "/"
            + FormEncoding.segment(requestID)
    }
}
