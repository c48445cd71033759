import Gateway
import Glibc
import Synchronization
import Trading

/// The machine's own clocks; the only place that reads them.
package enum SystemTime {
    /// The time of day.
    package static let now: WallClock = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    /// Time since the machine started; never jumps.
    package static let uptime: @Sendable () -> Duration = {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }

    /// The clocks of the order path.
    package static let timekeeping = Timekeeping(
        now: now, uptime: uptime, sleep: { try await Task.sleep(for: $0) })
}

/// Makes order numbers that grow over restarts: the microsecond they were made in, or one more than the last.
final class OrderNumbers: Sendable {
    private let last: Mutex<Int64>
    private let now: WallClock

    /// Goes on after the largest number in use.
    init(after last: OrderID?, now: @escaping WallClock) {
        self.last = Mutex(last?.rawValue ?? 0)
        self.now = now
    }

    /// A new number.
    func next() -> OrderID {
        let candidate = now().microseconds
        return last.withLock { last in
            last = max(candidate, last + 1)
            return OrderID(last)
        }
    }
}
