import Foundation
import Testing
import Trading

struct MoneyTests {
    /// Columns: amount, units, price of one unit.
    @Test(arguments: [
        ("92559", 4, "23139.75"), ("100", 3, "33.3333"), ("200", 3, "66.6667"), ("0.0001", 2, "0"),
        ("0.0003", 2, "0.0002"), ("-0.0001", 2, "0"), ("-0.0003", 2, "-0.0002"), ("100", -3, "-33.3333"),
        ("-100", -3, "33.3333"),
    ])
    func `an amount is spread over units, ties to even`(row: (String, Int64, String)) throws {
        let amount = try #require(Money(row.0))
        #expect(amount.perUnit(Quantity(row.1))?.description == row.2)
    }

    @Test func `an amount spread over nothing has no price`() {
        #expect(Money(rupees: 5).perUnit(0) == nil)
    }

    @Test func `spreading equals decimal division under banker's rounding`() {
        var chance = SeededNumbers(seed: 21)
        for _ in 0..<20_000 {
            let amount = Int64.random(in: -50_000_000_000...50_000_000_000, using: &chance)
            let units = Int64.random(in: 1...100_000, using: &chance)
            var quotient = Decimal(amount) / Decimal(units)
            var rounded = Decimal()
            NSDecimalRound(&rounded, &quotient, 0, .bankers)
            let price = Money(tenThousandths: amount).perUnit(Quantity(units))
            #expect(price.map { Decimal($0.tenThousandths) } == rounded)
        }
    }

    @Test func `amounts survive text and equal decimal sums`() {
        var chance = SeededNumbers(seed: 22)
        for _ in 0..<100_000 {
            let left = Money(tenThousandths: Int64.random(in: -1_000_000_000_000...1_000_000_000_000, using: &chance))
            let right = Money(tenThousandths: Int64.random(in: -1_000_000_000_000...1_000_000_000_000, using: &chance))
            let sum = left + right
            let exact = (Decimal(left.tenThousandths) + Decimal(right.tenThousandths)) / 10_000
            if sum.description != exact.description || Money(sum.description) != sum
                || Money(rounding: sum.double) != sum
            {
                Issue.record("\(left) + \(right)")
            }
        }
    }

    @Test(arguments: [
        ("1000", 3, "0.3"), ("0.0001", 5_000, "0"), ("0.0003", 5_000, "0.0002"), ("-1000", 3, "-0.3"),
        ("20", 1_800, "3.6"),
    ])
    func `a share in basis points is rounded to even`(row: (String, Int64, String)) throws {
        #expect(try #require(Money(row.0)).basisPoints(row.1).description == row.2)
    }
}
