import Trading

/// How an order is handled. Source: Kite Connect, order varieties.
package enum Variety: Sendable, Hashable {
    /// Goes to the book at once.
    case regular
    /// Waits for the session and goes to the book with its first step; with the next step while the session is on.
    case afterMarket
    /// Is closed by a stop-loss order that appears with its first fill; the terms' trigger price is that order's.
    case cover
    /// Goes to the book in legs one after another; `legQuantity` is worked out from the number of legs where it is nil.
    case iceberg(legs: Int, legQuantity: Quantity? = nil)
    /// Sells in the buy-in auction of that number.
    case auction(number: String)

    /// The broker's word, as it stands in paths and rows.
    package var name: String {
        switch self {
        case .regular: "regular"
        case .afterMarket: "amo"
        case .cover: "co"
        case .iceberg: "iceberg"
        case .auction: "auction"
        }
    }

    /// Whether an order's units stay as they were placed.
    var hasFixedQuantity: Bool {
        switch self {
        case .cover, .iceberg: true
        case .regular, .afterMarket, .auction: false
        }
    }
}

/// Which part of an iceberg order one row is. Source: Kite Connect, `meta.iceberg`.
package struct IcebergLeg: Sendable, Hashable {
    /// Its number, 1...legs.
    package let leg: Int
    /// How many legs there are, 2...50.
    package let legs: Int
    /// Units of every leg but perhaps the last.
    package let legQuantity: Quantity
    /// Units of all legs.
    package let totalQuantity: Quantity

    /// Units of this leg: the last one takes what is left.
    package var quantity: Quantity { min(legQuantity, behind(leg - 1)) }

    /// Units of the legs behind this one.
    package var remainingQuantity: Quantity { max(behind(leg), 0) }

    private func behind(_ legs: Int) -> Quantity {
        Quantity(totalQuantity.units - legQuantity.units * Int64(legs))
    }

    /// The leg behind this one; nil behind the last.
    package var next: IcebergLeg? {
        leg == legs
            ? nil : IcebergLeg(leg: leg + 1, legs: legs, legQuantity: legQuantity, totalQuantity: totalQuantity)
    }
}

/// One of today's buy-in auctions in which an account can sell. Source: Kite Connect, auction instruments.
package struct VenueAuction: Sendable, Hashable {
    /// The number that an order in it carries.
    package let number: String
    /// The share, by its ordinary symbol.
    package let instrument: InstrumentID
    /// The token of the share's auction series.
    package let token: InstrumentToken
    /// Units that the account holds.
    package let quantity: Quantity
}
