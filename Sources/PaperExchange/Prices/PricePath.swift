#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The path of one underlying: geometric, wandering like a random walk over short times and held near its origin over
/// long ones.
///
/// The logarithm is a sum of value noise at seventeen time scales, each twice as slow and √2 as large as the one
/// before. Any step can be computed on its own, which is what lets nobody pay for what nobody watches.
struct PricePath: Sendable {
    private static let octaves = 17

    /// The level at step 0, in rupees.
    let origin: Double
    let seed: UInt64
    private let amplitude: Double
    private let start: Double

    /// Takes the level at step 0, the volatility of one trading day and the number of steps in it.
    init(seed: UInt64, origin: Double, dailyVolatility: Double, stepsPerDay: Double) {
        self.seed = seed
        self.origin = origin
        // The noise of all scales together moves by about twice the finest amplitude in one step.
        amplitude = dailyVolatility / (2 * stepsPerDay.squareRoot())
        start = Self.noise(seed, 0)
    }

    /// The level at a step in rupees, above zero.
    func level(atStep step: UInt64) -> Double {
        origin * exp(amplitude * (Self.noise(seed, step) - start))
    }

    private static func noise(_ seed: UInt64, _ step: UInt64) -> Double {
        var sum = 0.0
        var size = 1.0
        for octave in 0..<octaves {
            let position = step >> UInt64(octave)
            let key = UInt64(octave) << 58
            let left = Chance.bell(Chance.bits(seed, key | position))
            let rest = step & ((1 << UInt64(octave)) - 1)
            if rest == 0 {
                sum += size * left
            } else {
                let right = Chance.bell(Chance.bits(seed, key | (position + 1)))
                let share = Double(rest) / Double(UInt64(1) << UInt64(octave))
                sum += size * (left + (right - left) * share)
            }
            size *= 1.414_213_562_373_095_1
        }
        return sum
    }
}
