import Trading

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One past day of an underlying: its level at the bounds of every minute, and how far it went in between.
///
/// A chain of random steps tied down at both ends, so that the day ends where the next one's history needs it. Shares
/// and indices stand still once their own session is over; what is written on them goes on and comes back.
struct DayPath: Sendable {
    /// Levels at the beginning of each minute and at the end of the last, in rupees.
    private(set) var levels: [Double] = []
    /// By how much each minute's extremes lie beyond its ends, as a share of the level: above, below.
    private(set) var reaches: [(up: Double, down: Double)] = []

    /// Takes the levels at both ends, the minutes of the spot's session and those that contracts trade on, and the
    /// volatility of one day.
    init(seed: UInt64, open: Double, close: Double, minutes: Int, extraMinutes: Int, dailyVolatility: Double) {
        let step = dailyVolatility / Double(max(minutes, 1)).squareRoot()
        levels.reserveCapacity(minutes + extraMinutes + 1)
        reaches.reserveCapacity(minutes + extraMinutes)
        append(seed: Chance.bits(seed, 1), from: open, to: close, steps: minutes, step: step)
        append(seed: Chance.bits(seed, 2), from: close, to: close, steps: extraMinutes, step: step)
        levels.append(close)
    }

    private mutating func append(seed: UInt64, from start: Double, to end: Double, steps: Int, step: Double) {
        guard steps > 0 else { return }
        var sums = [0.0]
        sums.reserveCapacity(steps + 1)
        for place in 0..<steps { sums.append(sums[place] + Chance.bell(Chance.bits(seed, UInt64(place)))) }
        let drift = (log(end / start) - step * sums[steps]) / Double(steps)
        for place in 0..<steps {
            levels.append(start * exp(step * sums[place] + drift * Double(place)))
            let chance = Chance.bits(seed, 0x1_0000 &+ UInt64(place))
            reaches.append(
                (0.6 * step * Chance.unit(chance), 0.6 * step * Chance.unit(Chance.bits(chance, 1))))
        }
    }
}
