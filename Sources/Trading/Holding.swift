/// Shares in an account's demat account. Money is in rupees.
///
/// Source of the formulas: Kite Connect, holdings.
package struct Holding: Sendable, Hashable {
    /// The share.
    package let instrument: InstrumentID
    /// The broker's number of the instrument.
    package var token: InstrumentToken
    /// International securities identification number; nil where unknown.
    package var isin: String?
    /// How it is held.
    package var product: Product = .delivery
    /// Settled units.
    package var quantity: Quantity = 0
    /// Units bought the day before, not yet settled.
    package var unsettledQuantity: Quantity = 0
    /// Units pledged.
    package var collateralQuantity: Quantity = 0
    /// What they are pledged for; nil where nothing is.
    package var collateralType: String?
    /// What one unit cost on average.
    package var averagePrice: Price = .zero
    /// The last price; nil where unknown.
    package var lastPrice: Price?
    /// The previous day's close; nil where unknown.
    package var closePrice: Price?

    /// An empty holding.
    package init(instrument: InstrumentID, token: InstrumentToken) {
        self.instrument = instrument
        self.token = token
    }

    /// Settled and unsettled units.
    package var totalQuantity: Quantity { quantity + unsettledQuantity }

    /// Profit or loss since it was bought; nil while the last price is unknown.
    package var profit: Money? {
        lastPrice.map { ($0 - averagePrice) * totalQuantity }
    }

    /// What it is worth; nil while the last price is unknown.
    package var value: Money? {
        lastPrice.map { $0 * totalQuantity }
    }
}
