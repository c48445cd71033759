import Trading

/// When orders are taken. Dated: the hours changed with the closing auction on 3 August 2026.
struct TradingHours: Sendable {
    let tradingDate: CalendarDate
    let isAlwaysOpen: Bool
    let holidays: TradingHolidays

    init(tradingDate: CalendarDate, isAlwaysOpen: Bool, holidays: TradingHolidays = .published) {
        self.tradingDate = tradingDate
        self.isAlwaysOpen = isAlwaysOpen
        self.holidays = holidays
    }

    /// Whether an exchange takes orders.
    func isOpen(_ exchange: Exchange, at now: Timestamp) -> Bool {
        if isAlwaysOpen { return true }
        let (date, second) = now.indian
        return date == tradingDate && holidays.isTradingDay(date)
            && Self.session(of: exchange, on: tradingDate).contains(second)
    }

    /// Whether any exchange takes orders.
    func isAnyOpen(at now: Timestamp) -> Bool {
        Exchange.allCases.contains { isOpen($0, at: now) }
    }

    /// The seconds of a day in which an exchange trades continuously. Source: NSE/FAOP/74467 and NSE/CMTR/74466
    /// (15:40 for equity derivatives and 15:15 for shares from 3 August 2026); currency and commodity exchanges'
    /// published hours.
    static func session(of exchange: Exchange, on day: CalendarDate) -> Range<Int> {
        let isLater = CalendarDate(year: 2026, month: 8, day: 3).map { day >= $0 } ?? false
        switch exchange {
        case .nse, .bse: return Self.range(9, 15, to: 15, isLater ? 15 : 30)
        case .nfo, .bfo: return Self.range(9, 15, to: 15, isLater ? 40 : 30)
        case .cds, .bcd: return Self.range(9, 0, to: 17, 0)
        case .mcx, .nco: return Self.range(9, 0, to: 23, 30)
        }
    }

    private static func range(_ hour: Int, _ minute: Int, to endHour: Int, _ endMinute: Int) -> Range<Int> {
        hour * 3_600 + minute * 60..<endHour * 3_600 + endMinute * 60
    }
}
