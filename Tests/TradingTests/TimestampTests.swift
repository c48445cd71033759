import Testing
import Trading

struct TimestampTests {
    /// Columns: microseconds since 1970, UTC text, Indian text.
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z", "1970-01-01 05:30:00"),
        (-1, "1969-12-31T23:59:59.999999Z", "1970-01-01 05:29:59"),
        (1_762_511_400_000_000, "2025-11-07T10:30:00Z", "2025-11-07 16:00:00"),
        (1_762_511_400_000_001, "2025-11-07T10:30:00.000001Z", "2025-11-07 16:00:00"),
        (1_787_077_800_500_000, "2026-08-18T18:30:00.500000Z", "2026-08-19 00:00:00"),
        (-19_800_000_001, "1969-12-31T18:29:59.999999Z", "1969-12-31 23:59:59"),
    ])
    func `an instant reads as UTC and as Indian time`(row: (Int64, String, String)) {
        let time = Timestamp(microseconds: row.0)
        #expect(time.description == row.1)
        #expect(time.indianText == row.2)
    }

    @Test func `an Indian day and second make the instant again`() {
        var chance = SeededNumbers(seed: 5)
        for _ in 0..<10_000 {
            let time = Timestamp(seconds: Int64.random(in: -10_000_000_000...10_000_000_000, using: &chance))
            let (date, second) = time.indian
            #expect(0..<86_400 ~= second)
            #expect(Timestamp(indianDate: date, secondOfDay: second) == time)
        }
    }

    @Test func `time passes in both directions`() {
        let time = Timestamp(seconds: 1_000)
        #expect(time.advanced(by: .milliseconds(1_500)).microseconds == 1_001_500_000)
        #expect(time.advanced(by: .milliseconds(-1_500)).microseconds == 998_500_000)
        #expect(time.advanced(by: .seconds(3)).since(time) == .seconds(3))
    }
}
