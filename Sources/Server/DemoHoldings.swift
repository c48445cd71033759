import PaperExchange
import Trading

/// The shares that a demo's accounts begin with, so that there is something to see and to sell.
enum DemoHoldings {
    /// Symbol, ISIN and units; the ISINs are the exchange's own.
    private static let shares: [(symbol: String, isin: String, units: Quantity)] = [
        ("INFY", "INE009A01021", 100), ("SBIN", "INE062A01020", 200), ("RELIANCE", "INE002A01018", 50),
    ]

    /// Puts the shares that are listed into an account, bought at the day before's close.
    static func deposit(in venue: Venue, for account: String) async {
        var holdings: [Holding] = []
        for share in shares {
            let id = InstrumentID(exchange: .nse, symbol: share.symbol)
            guard let token = venue.listing.token(of: id), let quote = await venue.quote(token) else { continue }
            var holding = Holding(instrument: id, token: token)
            holding.isin = share.isin
            holding.quantity = share.units
            holding.averagePrice = quote.close
            holdings.append(holding)
        }
        await venue.deposit(holdings, for: account)
    }
}
