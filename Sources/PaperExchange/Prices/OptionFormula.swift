import Trading

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// European options on a forward. Source: F. Black, "The pricing of commodity contracts", 1976.
struct OptionFormula: Sendable {
    let strike: Double
    let right: OptionRight
    /// Time to expiry in years, above zero.
    let years: Double
    /// Interest per year, continuous.
    let rate: Double

    /// The premium in rupees.
    func premium(forward: Double, volatility: Double) -> Double {
        let deviation = volatility * years.squareRoot()
        let first = log(forward / strike) / deviation + deviation / 2
        let second = first - deviation
        let discount = exp(-rate * years)
        switch right {
        case .call: return discount * (forward * Self.normal(first) - strike * Self.normal(second))
        case .put: return discount * (strike * Self.normal(-second) - forward * Self.normal(-first))
        }
    }

    /// The premium's change for one rupee of the forward, between -1 and 1.
    func delta(forward: Double, volatility: Double) -> Double {
        let deviation = volatility * years.squareRoot()
        let call = Self.normal(log(forward / strike) / deviation + deviation / 2)
        return right == .call ? call : call - 1
    }

    /// The volatility that gives a premium, by bisection between 1 % and 500 %; nil where none does.
    func volatility(forward: Double, premium target: Double) -> Double? {
        var low = 0.01
        var high = 5.0
        guard premium(forward: forward, volatility: low) < target, premium(forward: forward, volatility: high) > target
        else { return nil }
        for _ in 0..<48 {
            let middle = (low + high) / 2
            if premium(forward: forward, volatility: middle) < target { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    private static func normal(_ value: Double) -> Double {
        0.5 * erfc(-value * 0.707_106_781_186_547_5)
    }
}
