import Trading

/// Finds where underlyings and contracts start: from what was given, else from the listing itself.
struct OriginFinder: Sendable {
    let listing: Listing
    let given: PriceOrigins
    let seed: UInt64
    let tradingDay: Int32

    /// The level of an underlying in rupees. In this order: the given spot; the share's given close; the listing's own
    /// level; the middle of the strikes of the nearest expiry; a level by the tick size of a share or future.
    func level(of name: String, share: Int?) -> Double {
        if let spot = given.spots[name] ?? shareOpening(share) ?? listing.origins.spots[name] { return spot.double }
        if let strike = middleStrike(of: name) { return Price(tenThousandths: strike).double }
        let tick = share.map { listing.rows[$0].tick } ?? futureTick(of: name)
        return Self.level(forTick: tick, variation: Chance.unit(Chance.seed(seed ^ 0x0517, name: name)))
    }

    private func shareOpening(_ row: Int?) -> Price? {
        row.flatMap { given.instruments[InstrumentToken(listing.rows[$0].token)]?.price }
    }

    /// A level inside the price band that a tick size stands for; 10,000 to 20,000 where there is no tick.
    static func level(forTick tick: Int32, variation: Double) -> Double {
        let band: ClosedRange<Double> =
            switch tick {
            case 1...25: 60...95
            case 26...100: 60...230
            case 101...500: 300...950
            case 501...1_000: 1_100...4_500
            case 1_001...5_000: 5_500...9_500
            case 5_001...10_000: 10_500...19_000
            case 10_001...: 21_000...60_000
            default: 10_000...20_000
            }
        return (band.lowerBound + (band.upperBound - band.lowerBound) * variation).rounded()
    }

    private func middleStrike(of name: String) -> Int64? {
        var nearest = Int32.max
        var strikes: [Int64] = []
        forEachContract(on: name) { _, row in
            guard row.isOption, row.expiry >= tradingDay, row.expiry <= nearest else { return }
            if row.expiry < nearest {
                nearest = row.expiry
                strikes.removeAll(keepingCapacity: true)
            }
            strikes.append(row.strike)
        }
        guard !strikes.isEmpty else { return nil }
        strikes.sort()
        return strikes[strikes.count / 2]
    }

    private func futureTick(of name: String) -> Int32 {
        var tick: Int32 = 0
        forEachContract(on: name) { _, row in
            if row.kind == .future { tick = row.tick }
        }
        return tick
    }

    /// What a forward of an expiry is to the spot: the given price of the future, else interest at 5.5 % a year.
    func forwardRatio(of name: String, expiry: Int32, spot: Double, years: Double) -> Double {
        var ratio = 1 + 0.055 * years
        guard !given.instruments.isEmpty else { return ratio }
        forEachContract(on: name) { _, row in
            guard row.kind == .future, row.expiry == expiry,
                let price = given.instruments[InstrumentToken(row.token)]?.price, price > .zero
            else { return }
            let quoted = price.double / spot
            if 0.8...1.25 ~= quoted { ratio = quoted }
        }
        return ratio
    }

    /// The sort of market an underlying is.
    func sort(of name: String, row: ListedRow) -> Underlying.Sort {
        switch row.market {
        case .mcx, .nco: return .commodity
        case .cds, .bcd: return .currency
        case .nse, .bse, .nfo, .bfo:
            return row.kind == .index || IndexTerms.indexNames.contains(name) ? .index : .share
        }
    }

    private func forEachContract(on name: String, _ body: (Int, ListedRow) -> Void) {
        guard let number = listing.names.firstIndex(of: name).map(UInt32.init) else { return }
        for (place, row) in listing.rows.enumerated() where row.name == number && row.isDerivative { body(place, row) }
    }
}
