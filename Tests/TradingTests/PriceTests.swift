import Foundation
import Testing
import Trading

struct PriceTests {
    /// Goal: 100,000 random prices on each grid survive text and binary64 without one difference.
    @Test(arguments: ["0.01", "0.05", "0.0025"])
    func `random prices on a grid survive text and binary numbers, as decimal numbers do`(tick: String) throws {
        var chance = SeededNumbers(seed: 15)
        let step = try #require(Price(tick)).tenThousandths
        let decimalStep = try #require(Decimal(string: tick))
        var differences = 0
        for _ in 0..<100_000 {
            let steps = Int64.random(in: 0...400_000_000 / step, using: &chance)
            let price = Price(tenThousandths: steps * step)
            let decimal = Decimal(steps) * decimalStep
            let text = price.description
            if text != decimal.description { differences += 1 }
            if Price(text) != price { differences += 1 }
            if Double(text) != price.double { differences += 1 }
            if Price(rounding: price.double) != price { differences += 1 }
            if !price.isMultiple(ofTick: Price(tenThousandths: step)) { differences += 1 }
        }
        #expect(differences == 0)
    }

    @Test func `what a quantity costs equals decimal arithmetic`() {
        var chance = SeededNumbers(seed: 16)
        for _ in 0..<20_000 {
            let price = Price(tenThousandths: Int64.random(in: -9_000_000_000...9_000_000_000, using: &chance))
            let quantity = Quantity(Int64.random(in: -100_000_000...100_000_000, using: &chance))
            let exact = Decimal(price.tenThousandths) / 10_000 * Decimal(quantity.units)
            #expect((price * quantity).description == exact.description)
        }
    }

    @Test(arguments: [
        ("0", 0), ("24500.05", 245_000_500), ("24500.5", 245_005_000), ("0.0025", 25), ("-0.0025", -25),
        ("83.2575", 832_575), ("007.10", 71_000), ("1.230000", 12_300), ("922337203685477.5807", Int64.max),
        ("-922337203685477.5808", Int64.min),
    ])
    func `plain decimal text is read exactly`(text: String, units: Int64) {
        #expect(Price(text)?.tenThousandths == units)
    }

    @Test(arguments: [
        "", "-", ".", "1.", ".5", "+1", "1e3", "1,000", " 1", "1 ", "1.23456", "1.2.3", "--1", "1-", "NaN", "inf",
        "٣", "922337203685477.5808", "-922337203685477.5809", "99999999999999999999",
    ])
    func `anything else is refused`(text: String) {
        #expect(Price(text) == nil)
    }

    @Test(arguments: [
        (0.03125, 312), (0.09375, 938), (-0.03125, -312), (-0.09375, -938), (161.05, 1_610_500),
        (801.78125, 8_017_812), (1.0 / 3, 3_333), (2.0 / 3, 6_667),
    ])
    func `a binary number is rounded to the nearest, ties to even`(number: Double, units: Int64) {
        #expect(Price(rounding: number)?.tenThousandths == units)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, 1e15])
    func `a number that fits no price gives none`(number: Double) {
        #expect(Price(rounding: number) == nil)
    }

    /// Columns: price, tick, down, up, nearest with ties upwards.
    @Test(arguments: [
        ("100.00", "0.05", "100", "100", "100"), ("100.01", "0.05", "100", "100.05", "100"),
        ("100.025", "0.05", "100", "100.05", "100.05"), ("100.04", "0.05", "100", "100.05", "100.05"),
        ("-100.01", "0.05", "-100.05", "-100", "-100"), ("-100.025", "0.05", "-100.05", "-100", "-100"),
        ("83.2561", "0.0025", "83.255", "83.2575", "83.255"), ("0.01", "5", "0", "5", "0"),
        ("22502.5", "5", "22500", "22505", "22505"),
    ])
    func `a price is brought to the grid`(row: (String, String, String, String, String)) throws {
        let price = try #require(Price(row.0))
        let tick = try #require(Price(row.1))
        #expect(price.roundedDown(toTick: tick).description == row.2)
        #expect(price.roundedUp(toTick: tick).description == row.3)
        #expect(price.roundedToNearest(tick: tick).description == row.4)
    }

    @Test func `rounding to a grid is the nearest of its neighbours`() {
        var chance = SeededNumbers(seed: 17)
        for _ in 0..<20_000 {
            let price = Price(tenThousandths: Int64.random(in: -1_000_000...1_000_000, using: &chance))
            let tick = Price(tenThousandths: Int64.random(in: 1...5_000, using: &chance))
            let down = price.roundedDown(toTick: tick)
            let up = price.roundedUp(toTick: tick)
            #expect(down <= price && price <= up && up - down <= tick)
            #expect(down.isMultiple(ofTick: tick) && up.isMultiple(ofTick: tick))
            #expect(price.roundedToNearest(tick: tick) == (price - down < up - price ? down : up))
        }
    }

    @Test func `a tick of zero makes no grid`() {
        #expect(!Price(rupees: 100).isMultiple(ofTick: .zero))
    }
}
