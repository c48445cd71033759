import Trading

/// How many calls are let through.
///
/// Source: Kite Connect, API rate limits (as of July 2026).
package struct RateLimits: Sendable, Hashable {
    /// Quote calls a second and API key; nil for no limit.
    package var quotesPerSecond: Int?
    /// Candle calls a second and API key; nil for no limit.
    package var candlesPerSecond: Int?
    /// Placements a second and client account, over all apps; nil for no limit.
    package var ordersPerSecond: Int?
    /// Placements a minute and client account; nil for no limit.
    package var ordersPerMinute: Int?
    /// Placements an Indian day and client account; nil for no limit.
    package var ordersPerDay: Int?
    /// All other calls a second and API key; nil for no limit.
    package var othersPerSecond: Int?

    /// Kite's own limits.
    package static let kite = RateLimits(
        quotesPerSecond: 1, candlesPerSecond: 3, ordersPerSecond: 10, ordersPerMinute: 400, ordersPerDay: 5_000,
        othersPerSecond: 10)
    /// No limits, for measurements.
    package static let none = RateLimits()

    /// Takes each limit; nil for none.
    package init(
        quotesPerSecond: Int? = nil, candlesPerSecond: Int? = nil, ordersPerSecond: Int? = nil,
        ordersPerMinute: Int? = nil, ordersPerDay: Int? = nil, othersPerSecond: Int? = nil
    ) {
        self.quotesPerSecond = quotesPerSecond
        self.candlesPerSecond = candlesPerSecond
        self.ordersPerSecond = ordersPerSecond
        self.ordersPerMinute = ordersPerMinute
        self.ordersPerDay = ordersPerDay
        self.othersPerSecond = othersPerSecond
    }
}

/// Counts calls against the limits; decides from the times it is handed.
struct RateCounters {
    /// What a call counts as.
    enum Group: Hashable {
        case quotes
        case candles
        case others
    }

    private struct Key: Hashable {
        let group: Group
        let apiKey: String
    }

    private struct Orders {
        var second = Window(length: Self.secondLength)
        var minute = Window(length: .seconds(59) + Self.secondLength)
        var day = CalendarDate(daysSinceEpoch: 0)
        var today = 0

        /// A network bunches calls that left a full second apart, so a second is counted a little short.
        static let secondLength: Duration = .milliseconds(950)
    }

    private let limits: RateLimits
    private var calls: [Key: Window] = [:]
    private var orders: [String: Orders] = [:]

    init(limits: RateLimits) {
        self.limits = limits
    }

    /// Counts a call of an app.
    mutating func count(_ group: Group, apiKey: String, at now: Timestamp) throws(KiteRefusal) {
        let limit =
            switch group {
            case .quotes: limits.quotesPerSecond
            case .candles: limits.candlesPerSecond
            case .others: limits.othersPerSecond
            }
        guard let limit else { return }
        let key = Key(group: group, apiKey: apiKey)
        guard calls[key, default: Window(length: Orders.secondLength)].admit(upTo: limit, at: now) else {
            throw .tooManyRequests
        }
    }

    /// Counts a placement of a client account: rejected and invalid ones count too. Towards the second it is one,
    /// towards the minute and the day it is as many as the orders it comes to.
    mutating func countOrder(userID: String, orders count: Int = 1, at now: Timestamp) throws(KiteRefusal) {
        if let limit = limits.ordersPerSecond,
            !orders[userID, default: Orders()].second.admit(upTo: limit, at: now)
        {
            throw .tooManyRequests
        }
        try countOrders(count, userID: userID, at: now)
    }

    /// Counts orders that no placement call stands behind, such as the one that a trigger fires.
    mutating func countOrders(_ count: Int = 1, userID: String, at now: Timestamp) throws(KiteRefusal) {
        var counted = orders[userID, default: Orders()]
        defer { orders[userID] = counted }
        if let limit = limits.ordersPerMinute, !counted.minute.admit(count, upTo: limit, at: now) {
            throw .tooManyOrders
        }
        guard let limit = limits.ordersPerDay else { return }
        let day = now.indian.date
        if day != counted.day {
            counted.day = day
            counted.today = 0
        }
        guard counted.today + count <= limit else { throw .tooManyOrders }
        counted.today += count
    }
}

/// The times of the last calls, up to as many as are let through.
private struct Window {
    let length: Duration
    private var times: [Timestamp] = []
    private var oldest = 0

    init(length: Duration) {
        self.length = length
    }

    /// Counts so many calls at `now` unless more than `limit` would lie within the window that ends with them.
    mutating func admit(_ count: Int = 1, upTo limit: Int, at now: Timestamp) -> Bool {
        guard count <= limit else { return false }
        let replaced = max(count - (limit - times.count), 0)
        if replaced > 0 {
            let youngest = times[(oldest + replaced - 1) % times.count]
            guard now.since(youngest) >= length else { return false }
        }
        for _ in replaced..<count { times.append(now) }
        for _ in 0..<replaced {
            times[oldest] = now
            oldest = (oldest + 1) % times.count
        }
        return true
    }
}
