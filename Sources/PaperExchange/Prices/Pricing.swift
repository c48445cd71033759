import Trading

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How an instrument's fair price follows from the level of its underlying.
enum Pricing: Sendable {
    /// Moves with the underlying: spot, shares and futures.
    case proportional(ratio: Double)
    /// An option on the forward of its expiry. The residual is what the formula cannot explain of a given price.
    case option(strike: Double, right: OptionRight, forward: Double, volatility: Double, residual: Double)

    /// The fair price in rupees at a level of the underlying.
    func fairPrice(level: Double, years: Double) -> Double {
        switch self {
        case .proportional(let ratio): return level * ratio
        case .option(let strike, let right, let forward, let volatility, let residual):
            let formula = OptionFormula(strike: strike, right: right, years: years, rate: Self.rate)
            return formula.premium(forward: level * forward, volatility: volatility) + residual
        }
    }

    /// Interest per year for discounting.
    static let rate = 0.055

    /// The volatility of a strike: higher below the forward, rising on both wings.
    static func smile(strike: Double, forward: Double, atTheMoney: Double, years: Double) -> Double {
        let distance = moneyness(strike: strike, forward: forward, volatility: atTheMoney, years: years)
        let bounded = min(max(distance, -5), 5)
        return max(0.04, atTheMoney * (1 - 0.04 * bounded + 0.025 * bounded * bounded))
    }

    /// How many standard deviations a strike lies above the forward.
    static func moneyness(strike: Double, forward: Double, volatility: Double, years: Double) -> Double {
        log(strike / forward) / (volatility * years.squareRoot())
    }
}

/// The time left in a contract, counted in the market's own steps so that prices do not hang on the wall clock.
struct Tenor: Sendable {
    /// Calendar days from the trading date to the expiry.
    let days: Int

    /// Years left at a step: trading ends at 15:30 on the expiry day, a session lasts six and a quarter hours, and at
    /// least half an hour is left however long the market stays open.
    func years(atStep step: UInt64, stepSeconds: Double) -> Double {
        let elapsed = min(Double(step) * stepSeconds, 22_500)
        let seconds = Double(days) * 86_400 + 22_500 - elapsed
        return max(seconds, 1_800) / 31_536_000
    }
}
