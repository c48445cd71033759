import Trading

/// What sort of deal an executed order is, as far as its charges go.
package enum ChargeClass: Sendable, Hashable, CaseIterable {
    case equityDelivery
    case equityFunded
    case equityIntraday
    case equityFuture
    case equityOption
    case currencyFuture
    case currencyOption
    case commodityFuture
    case commodityOption

    /// The class of a deal; nil for an index, which cannot be dealt in.
    package init?(_ instrument: Instrument, product: Product) {
        let market = instrument.id.exchange
        switch (instrument.kind, market) {
        case (.index, _): return nil
        case (.equity, _):
            switch product {
            case .intraday, .cover: self = .equityIntraday
            case .marginFunded: self = .equityFunded
            case .delivery, .carryForward: self = .equityDelivery
            }
        case (.future, .cds), (.future, .bcd): self = .currencyFuture
        case (.option, .cds), (.option, .bcd): self = .currencyOption
        case (.future, .mcx), (.future, .nco): self = .commodityFuture
        case (.option, .mcx), (.option, .nco): self = .commodityOption
        case (.future, _): self = .equityFuture
        case (.option, _): self = .equityOption
        }
    }

    var isEquity: Bool {
        switch self {
        case .equityDelivery, .equityFunded, .equityIntraday, .equityFuture, .equityOption: true
        case .currencyFuture, .currencyOption, .commodityFuture, .commodityOption: false
        }
    }
}

/// The charges from one day on. Rates are in rupees per crore of turnover (1 % is 100,000).
///
/// Sources: Finance Act 2026 and NSE's circular of 31 March 2026 for the transaction tax; NSE/FA/73061 for NSE's
/// charges; the broker's list of charges for the rest.
struct ChargeRates: Sendable {
    let futureTax: Int64
    let optionTax: Int64

    /// From 1 October 2024.
    static let october2024 = ChargeRates(futureTax: 2_000, optionTax: 10_000)
    /// From 1 April 2026: futures 0.05 %, options 0.15 % of the premium.
    static let april2026 = ChargeRates(futureTax: 5_000, optionTax: 15_000)

    /// The regulator's ₹10 per crore.
    static let regulator: Int64 = 10
    /// Percent on the services.
    static let serviceTaxPercent: Int64 = 18

    /// The transaction tax of a deal.
    func tax(_ class: ChargeClass, _ side: Side) -> Int64 {
        switch `class` {
        case .equityDelivery, .equityFunded: 10_000
        case .equityIntraday: side == .sell ? 2_500 : 0
        case .equityFuture: side == .sell ? futureTax : 0
        case .equityOption: side == .sell ? optionTax : 0
        case .currencyFuture, .currencyOption: 0
        case .commodityFuture: side == .sell ? 1_000 : 0
        case .commodityOption: side == .sell ? 5_000 : 0
        }
    }

    /// What the exchange takes, the investor protection fund's part included.
    func exchange(_ class: ChargeClass, _ exchange: Exchange) -> Int64 {
        let isBSE = exchange == .bse || exchange == .bfo || exchange == .bcd
        return switch `class` {
        case .equityDelivery, .equityFunded, .equityIntraday: isBSE ? 375 : 307
        case .equityFuture: isBSE ? 0 : 183
        case .equityOption: isBSE ? 3_250 : 3_553
        case .currencyFuture: isBSE ? 45 : 35
        case .currencyOption: isBSE ? 100 : 3_110
        case .commodityFuture: 210
        case .commodityOption: 4_180
        }
    }

    /// The buyer's stamp duty.
    func stampDuty(_ class: ChargeClass, _ side: Side) -> Int64 {
        guard side == .buy else { return 0 }
        return switch `class` {
        case .equityDelivery, .equityFunded: 1_500
        case .equityIntraday, .equityOption, .commodityOption: 300
        case .equityFuture, .commodityFuture: 200
        case .currencyFuture, .currencyOption: 10
        }
    }

    /// What the broker takes: a share of the turnover, at most ₹20; a flat ₹20 for options.
    func brokerage(_ class: ChargeClass, turnover: Money) -> Charge? {
        let most = Charge(rupees: 20)
        let rate: Int64
        switch `class` {
        case .equityDelivery: return .zero
        case .equityOption, .currencyOption, .commodityOption: return turnover > .zero ? most : .zero
        case .equityFunded: rate = 30_000
        case .equityIntraday, .equityFuture, .currencyFuture, .commodityFuture: rate = 3_000
        }
        guard let share = Charge(rate, perCroreOf: turnover) else { return nil }
        return share.billionths < most.billionths ? share : most
    }
}

/// Works out what executed orders cost, by the rates of the day.
package enum ChargesTable {
    /// The rates of a day; days before the first table get the first one.
    static func rates(on day: CalendarDate) -> ChargeRates {
        let change = CalendarDate(year: 2026, month: 4, day: 1)
        return change.map { day >= $0 } ?? true ? .april2026 : .october2024
    }

    /// The charges of one executed order; nil where the turnover is too large for them to be told.
    ///
    /// Charges of square-offs by the broker, of the depository and of accounts in debit are no part of it.
    package static func charges(
        _ class: ChargeClass, on exchange: Exchange, _ side: Side, turnover: Money, day: CalendarDate
    ) -> Charges? {
        let rates = rates(on: day)
        var charges = Charges()
        charges.tax = `class`.isEquity ? .securities : rates.tax(`class`, .sell) > 0 ? .commodities : .none
        guard let tax = Charge(rates.tax(`class`, side), perCroreOf: turnover),
            let taken = Charge(rates.exchange(`class`, exchange), perCroreOf: turnover),
            let regulator = Charge(ChargeRates.regulator, perCroreOf: turnover),
            let stamp = Charge(rates.stampDuty(`class`, side), perCroreOf: turnover),
            let brokerage = rates.brokerage(`class`, turnover: turnover)
        else { return nil }
        charges.transactionTax = tax
        charges.exchangeTurnover = taken
        charges.regulatorTurnover = regulator
        charges.stampDuty = stamp
        charges.brokerage = brokerage
        charges.serviceTax = (brokerage + taken + regulator).percent(ChargeRates.serviceTaxPercent)
        return charges
    }
}
