import Testing
import Trading

@testable import PaperExchange

struct ChargesTests {
    static let day = CalendarDate(daysSinceEpoch: 20_777)  // 20 November 2026

    private func charges(
        _ class: ChargeClass, _ exchange: Exchange, _ side: Side, _ turnover: Money, on day: CalendarDate = day
    ) throws -> Charges {
        try #require(ChargesTable.charges(`class`, on: exchange, side, turnover: turnover, day: day))
    }

    private func both(
        _ class: ChargeClass, _ exchange: Exchange, buy: Int64, sell: Int64
    ) throws -> (Charges, Charges) {
        (
            try charges(`class`, exchange, .buy, Money(rupees: buy)),
            try charges(`class`, exchange, .sell, Money(rupees: sell))
        )
    }

    @Test func `an option bought at 100 and sold at 110 costs what the published example says`() throws {
        let (buy, sell) = try both(.equityOption, .nfo, buy: 65 * 100, sell: 65 * 110)
        #expect((buy.brokerage + sell.brokerage).billionths == 40_000_000_000)
        #expect((buy.transactionTax + sell.transactionTax).billionths == 10_725_000_000)
        #expect((buy.exchangeTurnover + sell.exchangeTurnover).billionths == 4_849_845_000)
        #expect((buy.regulatorTurnover + sell.regulatorTurnover).billionths == 13_650_000)
        #expect((buy.stampDuty + sell.stampDuty).billionths == 195_000_000)
        #expect((buy.serviceTax + sell.serviceTax).billionths == 8_075_429_100)
        #expect((buy.total + sell.total).billionths == 63_858_924_100)
        #expect(buy.tax == .securities)
    }

    @Test func `a future bought at 24200 and sold at 24250 costs what the published example says`() throws {
        let (buy, sell) = try both(.equityFuture, .nfo, buy: 65 * 24_200, sell: 65 * 24_250)
        #expect((buy.brokerage + sell.brokerage).billionths == 40_000_000_000)
        #expect((buy.transactionTax + sell.transactionTax).billionths == 788_125_000_000)
        #expect((buy.regulatorTurnover + sell.regulatorTurnover).billionths == 3_149_250_000)
        #expect((buy.stampDuty + sell.stampDuty).billionths == 31_460_000_000)
        let total = (buy.total + sell.total).billionths
        #expect((total + 5_000_000) / 10_000_000 == 93_851)
    }

    @Test func `the tax on derivatives changes with the first of April 2026`() throws {
        let last = try #require(CalendarDate(year: 2026, month: 3, day: 31))
        let first = last.adding(days: 1)
        let crore = Money(rupees: 10_000_000)
        for (kind, before, after) in [(ChargeClass.equityFuture, 2_000, 5_000), (.equityOption, 10_000, 15_000)] {
            let old = try charges(kind, .nfo, .sell, crore, on: last)
            let new = try charges(kind, .nfo, .sell, crore, on: first)
            #expect(old.transactionTax == Charge(rupees: Int64(before)))
            #expect(new.transactionTax == Charge(rupees: Int64(after)))
        }
    }

    @Test func `each class pays tax, duty and brokerage on its own sides`() throws {
        let lakh = Money(rupees: 100_000)
        let cases: [(ChargeClass, Exchange, Side, tax: Int64, stamp: Int64, brokerage: Int64)] = [
            (.equityDelivery, .nse, .buy, 100_000, 15_000, 0), (.equityDelivery, .nse, .sell, 100_000, 0, 0),
            (.equityIntraday, .bse, .buy, 0, 3_000, 20_000), (.equityIntraday, .nse, .sell, 25_000, 0, 20_000),
            (.equityFunded, .nse, .buy, 100_000, 15_000, 20_000), (.commodityFuture, .mcx, .buy, 0, 2_000, 20_000),
            (.commodityFuture, .mcx, .sell, 10_000, 0, 20_000), (.commodityOption, .mcx, .sell, 50_000, 0, 20_000),
            (.currencyFuture, .cds, .sell, 0, 0, 20_000), (.currencyOption, .cds, .buy, 0, 100, 20_000),
        ]
        for (kind, exchange, side, tax, stamp, brokerage) in cases {
            let charges = try charges(kind, exchange, side, lakh)
            #expect(charges.transactionTax.billionths == tax * 1_000_000, "\(kind) \(side)")
            #expect(charges.stampDuty.billionths == stamp * 1_000_000, "\(kind) \(side)")
            #expect(charges.brokerage.billionths == brokerage * 1_000_000, "\(kind) \(side)")
        }
        let small = try charges(.equityIntraday, .nse, .buy, Money(rupees: 1_000))
        #expect(small.brokerage.billionths == 300_000_000)
        #expect(try charges(.commodityFuture, .mcx, .buy, lakh).tax == .commodities)
        #expect(try charges(.currencyFuture, .cds, .sell, lakh).tax == .none)
    }

    @Test func `the total is the exact sum, and a turnover beyond all measure has none`() throws {
        let charges = try charges(.equityOption, .bfo, .sell, Money(tenThousandths: 71_234_567))
        let parts = [
            charges.transactionTax, charges.exchangeTurnover, charges.regulatorTurnover, charges.brokerage,
            charges.stampDuty, charges.serviceTax,
        ]
        #expect(charges.total.billionths == parts.reduce(0) { $0 + $1.billionths })
        let huge = Money(tenThousandths: .max)
        #expect(ChargesTable.charges(.equityDelivery, on: .nse, .buy, turnover: huge, day: Self.day) == nil)
    }
}
