import Trading

/// Weekdays on which the exchanges stay closed; dated data.
package struct TradingHolidays: Sendable {
    private let days: Set<CalendarDate>

    /// Takes the days.
    package init(_ days: some Sequence<CalendarDate>) {
        self.days = Set(days)
    }

    /// Whether the exchanges trade on a day.
    package func isTradingDay(_ day: CalendarDate) -> Bool {
        day.weekday != .saturday && day.weekday != .sunday && !days.contains(day)
    }

    /// The day itself, or the nearest trading day before it.
    package func tradingDay(onOrBefore day: CalendarDate) -> CalendarDate {
        var day = day
        while !isTradingDay(day) { day = day.adding(days: -1) }
        return day
    }

    /// Equity derivatives, 2025 and 2026. Source: NSE circulars NSE/FAOP/65588 and NSE/FAOP/71777, with 15 January
    /// 2026 added by NSE/FAOP/72352. Later years are not published yet.
    package static let published: TradingHolidays = {
        let days: [Int: [(month: Int, day: Int)]] = [
            2025: [
                (2, 26), (3, 14), (3, 31), (4, 10), (4, 14), (4, 18), (5, 1), (8, 15), (8, 27), (10, 2), (10, 21),
                (10, 22), (11, 5), (12, 25),
            ],
            2026: [
                (1, 15), (1, 26), (3, 3), (3, 26), (3, 31), (4, 3), (4, 14), (5, 1), (5, 28), (6, 26), (9, 14),
                (10, 2), (10, 20), (11, 10), (11, 24), (12, 25),
            ],
        ]
        return TradingHolidays(
            days.flatMap { year, list in
                list.compactMap { CalendarDate(year: year, month: $0.month, day: $0.day) }
            })
    }()
}
