import Testing
import Trading

struct FreezeQuantitiesTests {
    /// Source: NSE freeze quantities of BANKNIFTY, December 2025 to July 2026.
    @Test(
        arguments: [
            ("2025-11-30", nil), ("2025-12-01", 600), ("2026-03-31", 600), ("2026-04-01", 900), ("2026-06-30", 900),
            ("2026-07-01", 600), ("2030-01-01", 600),
        ] as [(String, Int64?)])
    func `the limit is the one in force on the day`(day: String, units: Int64?) throws {
        func entry(_ from: String, _ quantity: Quantity) throws -> FreezeQuantities.Entry {
            FreezeQuantities.Entry(underlying: "BANKNIFTY", from: try #require(CalendarDate(from)), quantity: quantity)
        }
        let limits = FreezeQuantities([
            try entry("2026-07-01", 600), try entry("2025-12-01", 600), try entry("2026-04-01", 900),
        ])
        let limit = limits.quantity(underlying: "BANKNIFTY", on: try #require(CalendarDate(day)))
        #expect(limit?.units == units)
    }

    @Test func `an underlying without an entry has no known limit`() throws {
        let day = try #require(CalendarDate("2026-08-18"))
        #expect(FreezeQuantities.published.quantity(underlying: "RELIANCE", on: day) == nil)
        #expect(FreezeQuantities.published.quantity(underlying: "NIFTY", on: day) == 1_800)
    }
}
