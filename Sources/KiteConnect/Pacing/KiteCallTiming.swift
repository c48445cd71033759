#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The clocks and the chance that calls work with.
public struct KiteCallTiming: Sendable {
    /// Time since some fixed moment; never goes back.
    public var uptime: @Sendable () -> Duration
    /// Seconds since 1970-01-01 00:00:00 UTC; says when a day of Kite's begins.
    public var unixSeconds: @Sendable () -> Int64
    /// Returns after a time; throws when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// A number from 0 to below 1, for spreading new attempts.
    public var random: @Sendable () -> Double

    /// Clocks and a source of chance.
    public init(
        uptime: @escaping @Sendable () -> Duration, unixSeconds: @escaping @Sendable () -> Int64,
        sleep: @escaping @Sendable (Duration) async throws -> Void, random: @escaping @Sendable () -> Double
    ) {
        self.uptime = uptime
        self.unixSeconds = unixSeconds
        self.sleep = sleep
        self.random = random
    }

    /// The system's clocks and random numbers.
    public static let system: KiteCallTiming = {
        let origin = ContinuousClock.now
        return KiteCallTiming(
            uptime: { origin.duration(to: .now) },
            unixSeconds: { Int64(time(nil)) },
            sleep: { try await Task.sleep(for: $0, tolerance: .zero, clock: .continuous) },
            random: { Double.random(in: 0..<1) })
    }()

    /// The Indian day that it is, counted from 1970-01-01.
    var day: Int64 { KiteTime(unixSeconds: unixSeconds()).date.daysSinceEpoch }
}
