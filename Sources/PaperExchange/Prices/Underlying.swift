import Trading

/// What derivatives are written on, or a share: one path that all of them follow.
struct Underlying: Sendable {
    /// What sort of market it is; decides volatility and margin.
    enum Sort: Sendable {
        case index
        case share
        case commodity
        case currency

        /// Volatility of one trading day.
        var dailyVolatility: Double {
            switch self {
            case .index: 0.008
            case .share: 0.016
            case .commodity: 0.012
            case .currency: 0.003
            }
        }

        /// Yearly volatility that options at the money are priced at.
        var impliedVolatility: Double {
            switch self {
            case .index: 0.13
            case .share: 0.27
            case .commodity: 0.24
            case .currency: 0.05
            }
        }
    }

    let name: String
    let sort: Sort
    let path: PricePath
    let impliedVolatility: Double
    /// Of one trading day.
    let dailyVolatility: Double
    /// The last levels that were asked for; instruments look at slightly different steps.
    private var cache = [(step: UInt64, level: Double)](repeating: (.max, 0), count: 8)

    init(name: String, sort: Sort, origin: Double, seed: UInt64, stepsPerDay: Double) {
        self.name = name
        self.sort = sort
        let own = Chance.seed(seed, name: name)
        // Underlyings of one sort differ a little in how lively they are.
        let liveliness = 0.85 + 0.3 * Chance.unit(Chance.bits(own, 1))
        impliedVolatility = sort.impliedVolatility * liveliness
        dailyVolatility = sort.dailyVolatility * liveliness
        path = PricePath(
            seed: own, origin: origin, dailyVolatility: dailyVolatility, stepsPerDay: stepsPerDay)
    }

    /// The spot level at a step in rupees.
    mutating func level(atStep step: UInt64) -> Double {
        let place = Int(step & 7)
        if cache[place].step == step { return cache[place].level }
        let level = path.level(atStep: step)
        cache[place] = (step, level)
        return level
    }
}
