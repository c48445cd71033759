import Trading

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The past of one instrument, made out of the seed, the instrument and the date, and nothing else.
///
/// It ends at the previous close of the trading date. Contracts follow the path of their underlying, as they do on the
/// trading date itself; there is a candle for every minute of a session and none for a day without one.
struct CandleHistory: Sendable {
    let terms: InstrumentState.Terms
    /// The level of the underlying at the previous close.
    let origin: Double
    let dailyVolatility: Double
    let underlyingSeed: UInt64
    let tradingDate: CalendarDate
    let expiry: CalendarDate?
    let holidays: TradingHolidays

    /// Calendar days before its expiry from which a contract is listed.
    private static let contractLife = 100
    /// Days of history that even a contract far from its expiry has.
    private static let leastLife = 30

    /// The first day that has minutes, and the first that has a candle of its own: 2 February 2015 and 3 January 2000.
    static let firstDays = (minutes: CalendarDate(daysSinceEpoch: 16_468), days: CalendarDate(daysSinceEpoch: 10_959))

    /// The first day that an instrument has candles of an interval.
    private func firstDay(of interval: CandleInterval, continuous: Bool) -> CalendarDate {
        let first = interval == .day ? Self.firstDays.days : Self.firstDays.minutes
        guard let expiry, !continuous else { return first }
        return max(
            first, min(expiry.adding(days: -Self.contractLife), tradingDate.adding(days: -Self.leastLife)))
    }

    /// The minutes of a range of days, oldest first, day after day. `continuous` goes on beyond the first day of a
    /// future with those that were the nearest to expire.
    func forEachDay(
        _ range: ClosedRange<CalendarDate>, for interval: CandleInterval, continuous: Bool = false,
        _ body: ([Candle]) -> Void
    ) {
        let last = min(range.upperBound, tradingDate.adding(days: -1))
        let first = max(range.lowerBound, firstDay(of: interval, continuous: continuous))
        guard first <= last else { return }
        for day in days(from: first, to: last) { body(minutes(of: day, continuous: continuous)) }
    }

    /// A past trading day with the underlying's levels at its ends.
    private struct Day {
        let date: CalendarDate
        let open: Double
        let close: Double
        /// Whether nothing lies between it and the trading date.
        let isLast: Bool
        /// Calendar days from it to the next trading day.
        let gap: Int
    }

    /// Goes back from the previous close, day by day: each day's return takes one number.
    private func days(from first: CalendarDate, to last: CalendarDate) -> [Day] {
        var days: [Day] = []
        var level = origin
        var next = tradingDate
        var day = tradingDate.adding(days: -1)
        while day >= first {
            if holidays.isTradingDay(day) {
                let chance = Chance.bits(underlyingSeed, UInt64(bitPattern: Int64(day.daysSinceEpoch)) &+ 0xDA_0000)
                let change = dailyVolatility * Chance.bell(chance)
                let before = level * exp(-change)
                if day <= last {
                    let jump = 0.25 * dailyVolatility * Chance.bell(Chance.bits(chance, 3))
                    days.append(
                        Day(
                            date: day, open: before * exp(jump), close: level,
                            isLast: days.isEmpty && next == tradingDate,
                            gap: next.daysSinceEpoch - day.daysSinceEpoch))
                }
                level = before
                next = day
            }
            day = day.adding(days: -1)
        }
        return days.reversed()
    }

    // MARK: One day

    private func minutes(of day: Day, continuous: Bool) -> [Candle] {
        let own = TradingHours.session(of: terms.exchange, on: day.date)
        let spot = TradingHours.spotSession(of: terms.exchange, on: day.date)
        let whole = TradingHours.longestSession(of: terms.exchange, on: day.date)
        let seed = Chance.bits(underlyingSeed, UInt64(bitPattern: Int64(day.date.daysSinceEpoch)) &+ 0xDB_0000)
        let path = DayPath(
            seed: seed, open: day.open, close: day.close, minutes: spot.count / 60,
            extraMinutes: (whole.upperBound - spot.upperBound) / 60, dailyVolatility: dailyVolatility * 0.9)
        let pricing = pricing(on: day, continuous: continuous)
        let count = own.count / 60
        var candles: [Candle] = []
        candles.reserveCapacity(count)
        var before = pricing.price(day.open, at: 0)
        for minute in 0..<count {
            let share = Double(minute + 1) / Double(count)
            let (from, to) = (path.levels[minute], path.levels[minute + 1])
            let reach = path.reaches[minute]
            var close = pricing.price(to, at: share)
            let high = pricing.price(max(from, to) * (1 + reach.up), at: share)
            let low = pricing.price(min(from, to) * (1 - reach.down), at: share)
            if day.isLast, minute == count - 1 { close = terms.close }
            let volume = volume(minute: minute, of: count, day: day.date)
            candles.append(
                Candle(
                    time: Timestamp(indianDate: day.date, secondOfDay: own.lowerBound + minute * 60),
                    open: Price(tenThousandths: before),
                    high: Price(tenThousandths: max(before, close, high, low)),
                    low: Price(tenThousandths: min(before, close, high, low)),
                    close: Price(tenThousandths: close), volume: Quantity(volume),
                    openInterest: Quantity(openInterest(on: day.date, share: share))))
            before = close
        }
        return candles
    }

    /// How a price follows from a level on one day.
    private struct DayPricing {
        let pricing: Pricing
        let tick: Int64
        /// Years that contracts have left at the beginning and at the end.
        let years: (start: Double, end: Double)

        /// The price at a level and a share of the session, on the grid.
        func price(_ level: Double, at share: Double) -> Int64 {
            let left = years.start + (years.end - years.start) * share
            let fair = pricing.fairPrice(level: level, years: left) * 10_000
            guard fair.isFinite else { return tick }
            return max(tick, Int64((min(fair, 9e17) / Double(tick)).rounded()) * tick)
        }
    }

    private func pricing(on day: Day, continuous: Bool) -> DayPricing {
        var pricing = terms.pricing
        if continuous, let expiry, let near = nearestExpiry(on: day.date), near < expiry {
            let years = Double(near.daysSinceEpoch - day.date.daysSinceEpoch) / 365
            pricing = .proportional(ratio: exp(Pricing.rate * years))
        }
        guard let expiry else { return DayPricing(pricing: pricing, tick: terms.tick, years: (0, 0)) }
        func years(_ date: CalendarDate) -> Double {
            Tenor(days: expiry.daysSinceEpoch - date.daysSinceEpoch).years(atStep: 0, stepSeconds: 1)
        }
        // Nights and holidays pass by the end of the day before them.
        return DayPricing(
            pricing: pricing, tick: terms.tick, years: (years(day.date), years(day.date.adding(days: day.gap))))
    }

    /// The expiry of the future that a day was nearest to.
    private func nearestExpiry(on day: CalendarDate) -> CalendarDate? {
        ExpiryCalendar(holidays: holidays)
            .expiries(of: terms.exchange, from: day, weeklies: 0, monthlies: 1).first?.day
    }

    /// Units of a minute: most at both ends of the session, uneven, in whole lots; none for an index.
    private func volume(minute: Int, of count: Int, day: CalendarDate) -> Int64 {
        guard terms.isTradable else { return 0 }
        let place = 2 * Double(minute) / Double(max(count - 1, 1)) - 1
        let busy = 0.5 + 1.2 * place * place
        let key = UInt64(bitPattern: Int64(day.daysSinceEpoch)) &* 2_048 &+ UInt64(minute)
        let chance = Chance.unit(Chance.bits(terms.seed, key &+ 0xC_0000_0000))
        let lots = terms.kind == .equity ? 2e9 / Double(max(terms.close, 1)) : 400 * terms.liveliness
        return Int64(lots * busy * (0.3 + 1.4 * chance)) * terms.lot
    }

    /// Units open at a share of a day: built up over the life of a contract, in whole lots.
    private func openInterest(on day: CalendarDate, share: Double) -> Int64 {
        guard terms.openInterest > 0 else { return 0 }
        let back = Double(tradingDate.daysSinceEpoch - day.daysSinceEpoch) - share
        let built = max(0.05, 1 - max(back, 0) / 120)
        return Int64(Double(terms.openInterest / terms.lot) * built) * terms.lot
    }
}

extension TradingHours {
    /// The seconds of a day in which the spot of what an exchange trades moves.
    fileprivate static func spotSession(of exchange: Exchange, on day: CalendarDate) -> Range<Int> {
        switch exchange {
        case .nse, .bse, .nfo, .bfo: session(of: .nse, on: day)
        case .cds, .bcd, .mcx, .nco: session(of: exchange, on: day)
        }
    }

    /// The seconds of a day in which anything written on that spot moves.
    fileprivate static func longestSession(of exchange: Exchange, on day: CalendarDate) -> Range<Int> {
        switch exchange {
        case .nse, .bse, .nfo, .bfo: session(of: .nfo, on: day)
        case .cds, .bcd, .mcx, .nco: session(of: exchange, on: day)
        }
    }
}
