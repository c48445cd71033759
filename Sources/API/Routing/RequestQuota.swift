import HTTPTypes
import Synchronization
import Trading

/// How many requests a minute are answered; nil for no limit.
package struct RequestLimits: Sendable, Hashable {
    /// For each user.
    package var perUser: Int?
    /// For each network address without a valid token.
    package var perAddress: Int?

    /// Puts the limits together.
    package init(perUser: Int?, perAddress: Int?) {
        self.perUser = perUser
        self.perAddress = perAddress
    }

    /// 1000 a minute for a user, 100 for an address.
    package static let standard = RequestLimits(perUser: 1_000, perAddress: 100)
    /// None, as benches need.
    package static let none = RequestLimits(perUser: nil, perAddress: nil)
}

/// How a caller stands within the current minute.
struct QuotaReading: Sendable, Hashable {
    let limit: Int
    let remaining: Int
    /// The end of the minute, in seconds since 1970.
    let reset: Int64
    /// Whether this request is one too many.
    let isExceeded: Bool

    func add(to headers: inout HTTPFields) {
        headers[.rateLimitLimit] = String(limit)
        headers[.rateLimitRemaining] = String(remaining)
        headers[.rateLimitReset] = String(reset)
    }
}

/// Counts requests in whole minutes of the clock; a new minute forgets the last.
final class RequestQuota: Sendable {
    enum Caller: Hashable {
        case user(Int64)
        case address(String)
    }

    private struct Minute {
        var number: Int64 = .min
        var counts: [Caller: Int] = [:]
    }

    private let limits: RequestLimits
    private let minute = Mutex(Minute())

    init(limits: RequestLimits) {
        self.limits = limits
    }

    /// Counts a request; nil where there is no limit.
    func count(_ caller: @autoclosure () -> Caller, isUser: Bool, at now: Timestamp) -> QuotaReading? {
        guard let limit = isUser ? limits.perUser : limits.perAddress else { return nil }
        let number = now.seconds / 60
        let caller = caller()
        let used = minute.withLock { minute in
            if minute.number != number { minute = Minute(number: number) }
            minute.counts[caller, default: 0] += 1
            return minute.counts[caller, default: 0]
        }
        return QuotaReading(
            limit: limit, remaining: max(0, limit - used), reset: (number + 1) * 60, isExceeded: used > limit)
    }
}
