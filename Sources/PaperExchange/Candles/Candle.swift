import Trading

/// What an instrument did in one stretch of time.
package struct Candle: Sendable, Hashable {
    /// When the stretch began.
    package var time: Timestamp
    /// The first price.
    package var open: Price
    /// The highest price.
    package var high: Price
    /// The lowest price.
    package var low: Price
    /// The last price.
    package var close: Price
    /// Units traded; zero for an index.
    package var volume: Quantity
    /// Units open at its end; zero for what has none.
    package var openInterest: Quantity

    /// Puts a candle together.
    package init(
        time: Timestamp, open: Price, high: Price, low: Price, close: Price, volume: Quantity, openInterest: Quantity
    ) {
        self.time = time
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.openInterest = openInterest
    }

    /// Lengthens the stretch by the one that follows it.
    package mutating func extend(by next: Candle) {
        high = max(high, next.high)
        low = min(low, next.low)
        close = next.close
        volume += next.volume
        openInterest = next.openInterest
    }
}

/// The lengths of candles that are offered. Source: Kite Connect, historical candles.
package enum CandleInterval: String, Sendable, Hashable, CaseIterable {
    case minute
    case threeMinutes = "3minute"
    case fiveMinutes = "5minute"
    case tenMinutes = "10minute"
    case quarterHour = "15minute"
    case halfHour = "30minute"
    case hour = "60minute"
    case day

    /// The length in minutes; nil for a day.
    package var minutes: Int? {
        switch self {
        case .minute: 1
        case .threeMinutes: 3
        case .fiveMinutes: 5
        case .tenMinutes: 10
        case .quarterHour: 15
        case .halfHour: 30
        case .hour: 60
        case .day: nil
        }
    }

    /// Days that one request may span.
    package var dayLimit: Int {
        switch self {
        case .minute: 60
        case .threeMinutes, .fiveMinutes, .tenMinutes: 100
        case .quarterHour, .halfHour: 200
        case .hour: 400
        case .day: 2_000
        }
    }
}

/// Adds minutes up to longer candles: of one day each, counted from the beginning of its session, or the whole day.
struct CandleAggregation {
    let interval: CandleInterval
    /// The second of the day at which the session begins.
    let sessionStart: Int
    private(set) var candles: [Candle] = []
    /// The stretch that the last candle stands for.
    private var place: (day: Int, part: Int)?

    init(interval: CandleInterval, sessionStart: Int) {
        self.interval = interval
        self.sessionStart = sessionStart
    }

    /// Adds the next minute.
    mutating func add(_ minute: Candle) {
        guard interval != .minute else {
            candles.append(minute)
            return
        }
        let (date, second) = minute.time.indian
        let part = interval.minutes.map { Self.floor(second - sessionStart, $0 * 60) } ?? 0
        if let place, place == (date.daysSinceEpoch, part), let last = candles.indices.last {
            candles[last].extend(by: minute)
            return
        }
        place = (date.daysSinceEpoch, part)
        var first = minute
        let start = interval.minutes.map { sessionStart + part * $0 * 60 } ?? 0
        first.time = Timestamp(indianDate: date, secondOfDay: max(start, 0))
        candles.append(first)
    }

    /// Also right for what comes before the session, which is open at any hour on request.
    private static func floor(_ value: Int, _ divisor: Int) -> Int {
        value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
    }
}
