import Trading

/// Prices and open interest a market starts from.
package struct PriceOrigins: Sendable {
    /// Where one instrument starts.
    package struct Opening: Sendable, Hashable {
        /// The previous close; nil where unknown.
        package var price: Price?
        /// Open interest in units; nil where unknown.
        package var openInterest: Quantity?

        /// Puts an opening together.
        package init(price: Price? = nil, openInterest: Quantity? = nil) {
            self.price = price
            self.openInterest = openInterest
        }
    }

    /// Spot levels by the name of the underlying (`NIFTY`) or the symbol of the share (`INFY`).
    package var spots: [String: Price]
    /// Openings of single instruments.
    package var instruments: [InstrumentToken: Opening]

    /// Takes spot levels and openings; without either everything is inferred from the listing.
    package init(spots: [String: Price] = [:], instruments: [InstrumentToken: Opening] = [:]) {
        self.spots = spots
        self.instruments = instruments
    }
}
