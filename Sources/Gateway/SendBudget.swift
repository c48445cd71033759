import Brokers

/// Keeps an account's orders within the broker's limits: never more than so many in any window.
///
/// Pure: time since a fixed moment goes in, the moment of departure comes out.
package struct SendBudget: Sendable {
    /// What becomes of an order that asks to leave.
    package enum Decision: Sendable, Hashable {
        /// It may leave at this moment.
        case leave(at: Duration)
        /// It would have to wait longer than it may.
        case tooLate
        /// The day's number is used up.
        case exhausted
    }

    private let limits: OrderLimits
    private var departures: [Duration] = []
    private var today = 0

    /// Starts with nothing used.
    package init(limits: OrderLimits) {
        self.limits = limits
    }

    /// Books a departure no later than a patience from now.
    package mutating func request(at now: Duration, patience: Duration) -> Decision {
        guard today < limits.perDay else { return .exhausted }
        departures.removeAll { $0 <= now - .seconds(60) }
        var moment = max(now, departures.last ?? now)
        moment = max(moment, earliest(limits.perSecond, within: .seconds(1)))
        moment = max(moment, earliest(limits.perMinute, within: .seconds(60)))
        guard moment - now <= patience else { return .tooLate }
        departures.append(moment)
        today += 1
        return .leave(at: moment)
    }

    /// Starts a new trading day, of which so many orders have left before.
    package mutating func startDay(used: Int = 0) {
        today = used
    }

    /// What departures may be late by without two windows touching; leaves 9.6 of 10 orders a second.
    static let slack = Duration.milliseconds(40)

    private func earliest(_ count: Int, within window: Duration) -> Duration {
        guard departures.count >= count else { return .zero }
        return departures[departures.count - count] + window + Self.slack
    }
}
