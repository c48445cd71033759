import PaperExchange
import Trading

/// Units of a fund, counted in thousandths.
struct FundUnits: Sendable, Hashable {
    var thousandths: Int64

    static let zero = FundUnits(thousandths: 0)

    /// As many units as an amount buys, rounded down.
    init(_ amount: Money, at value: Price) {
        thousandths = value > .zero ? amount.tenThousandths * 1_000 / value.tenThousandths : 0
    }

    init(thousandths: Int64) {
        self.thousandths = thousandths
    }

    /// What the units are worth, rounded down below a ten-thousandth of a rupee; nil where it does not fit.
    func worth(at value: Price) -> Money? {
        let (product, overflow) = value.tenThousandths.multipliedReportingOverflow(by: thousandths)
        return overflow ? nil : Money(tenThousandths: product / 1_000)
    }
}

/// An order for units of a fund. Source: Kite Connect, mutual fund orders.
struct FundOrder: Sendable {
    enum Status: String, Sendable {
        case open = "OPEN"
        case complete = "COMPLETE"
        case cancelled = "CANCELLED"
    }

    let id: String
    let scheme: FundScheme
    let side: Side
    let variety: String
    let tag: String?
    let placed: Timestamp
    /// Whether the house already knew the buyer; nil for a sale.
    let isAdditional: Bool?
    var status = Status.open
    /// What is paid in; of a sale what was paid out, once it is known.
    var amount: Money
    /// What is sold; of a purchase what was allotted, once it is known.
    var units: FundUnits
    /// Units change hands at this; zero until they do.
    var price = Price.zero
    var folio: String?
    var exchangeOrderID: String?
    var settlementID: String?
    var exchangeDate: CalendarDate?
}

/// A plan to buy units again and again. Source: Kite Connect, SIPs.
struct FundPlan: Sendable {
    enum Frequency: String, Sendable {
        case weekly
        case monthly
        case quarterly
    }

    enum Status: String, Sendable {
        case active = "ACTIVE"
        case paused = "PAUSED"
        case cancelled = "CANCELLED"
    }

    let id: String
    let scheme: FundScheme
    let created: Timestamp
    let tag: String?
    let stepUp: [(day: String, percent: Int64)]
    let trigger: Price
    var status = Status.active
    var frequency: Frequency
    var amount: Money
    /// How often in all; -1 until it is cancelled.
    var instalments: Int64
    var completed: Int64 = 0
    /// The day of the month; zero where it does not come monthly.
    var day: Int
    var last: Timestamp
    var next: CalendarDate

    /// How often it is still to come; -1 until it is cancelled.
    var pending: Int64 { instalments < 0 ? -1 : max(instalments - completed, 0) }

    /// The day of the instalment after one of a day.
    static func next(after date: CalendarDate, _ frequency: Frequency, day: Int) -> CalendarDate {
        switch frequency {
        case .weekly: return date.adding(days: 7)
        case .quarterly: return date.adding(months: 3, day: date.components.day)
        case .monthly:
            let wanted = day > 0 ? day : date.components.day
            let same = date.adding(months: 0, day: wanted)
            return same > date ? same : date.adding(months: 1, day: wanted)
        }
    }
}

extension CalendarDate {
    /// A day of a later month, the month's last where it has no such day.
    fileprivate func adding(months: Int, day: Int) -> CalendarDate {
        let (year, month, _) = components
        let total = year * 12 + month - 1 + months
        let (newYear, newMonth) = (total / 12, total % 12 + 1)
        let last = CalendarDate.days(inMonth: newMonth, of: newYear)
        return CalendarDate(year: newYear, month: newMonth, day: min(max(day, 1), last)) ?? self
    }
}
