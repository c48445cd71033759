import Trading

extension Market {
    /// One share in so many is in auction on a day.
    private static let sharesPerAuction: UInt64 = 4
    private static let highestNumber: Int64 = 9_999
    /// The segment id of NSE's auction series. Source: Kite Connect, auction instruments.
    private static let auctionSegment: UInt32 = 10

    /// Today's auctions that an account can sell in; see `Venue.auctions`.
    func auctions(of id: String) -> [VenueAuction] { account(id).map { auctions(of: $0) } ?? [] }

    /// Shares of the account are drawn by the seed; where it holds any, the first by lot is always among them.
    func auctions(of account: Int) -> [VenueAuction] {
        let held = accounts[account].holdings.filter { $0.instrument.exchange == .nse && $0.quantity > 0 }
        let drawn = held.map {
            (holding: $0, draw: Chance.bits(configuration.seed, UInt64($0.token.rawValue) ^ 0xA0C7))
        }
        let first = drawn.min { $0.draw < $1.draw }?.holding.token
        return drawn.filter { $0.draw % Self.sharesPerAuction == 0 || $0.holding.token == first }.map { holding, draw in
            VenueAuction(
                number: String(1 + Chance.number(draw, below: Self.highestNumber)), instrument: holding.instrument,
                token: InstrumentToken(holding.token.rawValue & ~0xFF | Self.auctionSegment),
                quantity: holding.quantity)
        }
    }
}
