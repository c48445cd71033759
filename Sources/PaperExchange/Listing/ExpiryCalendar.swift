import Trading

/// Days on which index contracts of NSE and BSE end, by dated rules.
struct ExpiryCalendar {
    /// One expiry: the day, and the month it closes where it is the month's last.
    struct Expiry: Sendable, Hashable {
        let day: CalendarDate
        let maturity: ContractSymbol.Maturity

        var isMonthly: Bool {
            if case .month = maturity { true } else { false }
        }
    }

    let holidays: TradingHolidays

    init(holidays: TradingHolidays = .published) {
        self.holidays = holidays
    }

    /// The weekday on which contracts of an exchange end, before holidays move them. Source: SEBI's rule of one weekly
    /// expiry on Tuesday or Thursday; NSE moved from Thursday and BSE from Tuesday on 1 September 2025.
    static func weekday(of exchange: Exchange, around day: CalendarDate) -> Weekday {
        let isNSE = exchange == .nse || exchange == .nfo
        let change = CalendarDate(year: 2025, month: 9, day: 1)
        let isOld = change.map { day < $0 } ?? false
        return isNSE != isOld ? .tuesday : .thursday
    }

    /// The next expiries from a day on, that day included: so many weekly ones besides so many monthly ones, by date.
    func expiries(of exchange: Exchange, from start: CalendarDate, weeklies: Int, monthlies: Int) -> [Expiry] {
        var found: [Expiry] = []
        var missing = (weekly: weeklies, monthly: monthlies)
        // A holiday moves an expiry back by a few days, so that one from next week can still lie ahead of the start.
        var day = start
        while missing.weekly > 0 || missing.monthly > 0 {
            if day.weekday == Self.weekday(of: exchange, around: day) {
                let expiry = expiry(nominal: day)
                if expiry.day >= start {
                    if expiry.isMonthly, missing.monthly > 0 {
                        missing.monthly -= 1
                        found.append(expiry)
                    } else if !expiry.isMonthly, missing.weekly > 0 {
                        missing.weekly -= 1
                        found.append(expiry)
                    }
                }
            }
            day = day.adding(days: 1)
        }
        return found
    }

    /// The expiry whose day by rule this is: moved to the trading day before where it is a holiday.
    func expiry(nominal: CalendarDate) -> Expiry {
        let (year, month, _) = nominal.components
        let day = holidays.tradingDay(onOrBefore: nominal)
        let isMonthly = nominal.last(nominal.weekday) == nominal
        return Expiry(day: day, maturity: isMonthly ? .month(year: year, month: month) : .day(day))
    }
}
