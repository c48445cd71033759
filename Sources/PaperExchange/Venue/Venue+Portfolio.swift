import Trading

extension Venue {
    /// An account's shares, one row an instrument; empty for an unknown account.
    package func heldShares(of account: String) -> [HeldShares] {
        withMarket { $0.heldShares(of: account, at: $1) }
    }

    /// Lets shares out of the demat account for a session: so many units of each security, or all of them where
    /// nothing is named.
    package func authoriseHoldings(_ asked: [(isin: String, quantity: Quantity)], for account: String) {
        withMarket { $0.authorise(asked, for: account, at: $1) }
    }

    /// Holds units of a position in another way.
    package func convert(_ conversion: PositionConversion, for account: String) throws(ConversionRefusal) {
        let result = withMarket { market, now in
            Result { () throws(ConversionRefusal) in try market.convert(conversion, for: account, at: now) }
        }
        try result.get()
    }

    /// What orders would tie up in an account, one by one and together; without its positions and working orders
    /// where they are not to count.
    package func margins(
        of orders: [OrderRequest], for account: String, consideringPositions: Bool
    ) throws(MarginRefusal) -> BasketMargin {
        let result = withMarket { market, now in
            Result { () throws(MarginRefusal) in
                try market.margins(
                    of: orders, for: account, consideringPositions: consideringPositions, at: now)
            }
        }
        return try result.get()
    }
}
