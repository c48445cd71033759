import Trading

/// The clocks of the order path, handed in so that tests own time.
package struct Timekeeping: Sendable {
    /// The time of day.
    package let now: WallClock
    /// Time since some fixed moment; never jumps.
    package let uptime: @Sendable () -> Duration
    /// Waits; throws when the task is cancelled.
    package let sleep: @Sendable (Duration) async throws -> Void

    /// Puts the clocks together.
    package init(
        now: @escaping WallClock, uptime: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.uptime = uptime
        self.sleep = sleep
    }
}
