import Trading

/// The price that a protected market order becomes.
enum Protection {
    /// The broker's own percentage in basis points. Source: Kite Connect, automatic market protection.
    static func automaticBasisPoints(isOption: Bool, lastPrice: Int64) -> Int64 {
        switch (isOption, lastPrice) {
        case (true, ..<100_000): 500
        case (true, ..<1_000_000): 300
        case (true, ...5_000_000): 200
        case (true, _): 100
        case (false, ..<1_000_000): 200
        case (false, ...5_000_000): 100
        case (false, _): 50
        }
    }

    /// The limit at a distance from the last price, rounded towards it on the grid and kept inside the price range.
    static func limit(_ side: Side, basisPoints: Int64, terms: InstrumentState.Terms, lastPrice: Int64) -> Int64 {
        let scaled = lastPrice * (10_000 + side.sign * basisPoints)
        let exact = Price(tenThousandths: side == .buy ? scaled / 10_000 : (scaled + 9_999) / 10_000)
        let onGrid =
            side == .buy ? exact.roundedDown(toTickUnits: terms.tick) : exact.roundedUp(toTickUnits: terms.tick)
        return min(max(onGrid, terms.lowerCircuit), terms.upperCircuit)
    }
}
