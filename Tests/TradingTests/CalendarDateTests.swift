import Testing
import Trading

struct CalendarDateTests {
    /// Counts every day of 1970 to 2100 by hand. 1970-01-01 was a Thursday.
    @Test func `every day from 1970 to 2100 agrees with counting`() throws {
        var count = 0
        for year in 1970...2100 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            for (index, length) in lengths.enumerated() {
                for day in 1...length {
                    let date = try #require(CalendarDate(year: year, month: index + 1, day: day))
                    let weekday = Weekday.allCases[(count + 3) % 7]
                    let isRight =
                        date.daysSinceEpoch == count && date.components == (year, index + 1, day)
                        && date.weekday == weekday && CalendarDate(date.description) == date
                    if !isRight { Issue.record("\(year)-\(index + 1)-\(day)") }
                    count += 1
                }
                #expect(CalendarDate(year: year, month: index + 1, day: length + 1) == nil)
            }
        }
        #expect(count == 47_847)
    }

    @Test func `the last weekday of a month is found from any of its days`() throws {
        for year in [2024, 2025, 2026, 2100] {
            for month in 1...12 {
                let length = CalendarDate.days(inMonth: month, of: year)
                let days = try (1...length).map { try #require(CalendarDate(year: year, month: month, day: $0)) }
                for weekday in Weekday.allCases {
                    let expected = try #require(days.last { $0.weekday == weekday })
                    for day in [days[0], days[length / 2], days[length - 1]] { #expect(day.last(weekday) == expected) }
                }
            }
        }
    }

    /// Source: NSE, monthly expiries on the last Tuesday from September 2025.
    @Test(arguments: [("2026-08-01", "2026-08-25"), ("2026-09-30", "2026-09-29"), ("2026-03-02", "2026-03-31")])
    func `monthly expiries fall on the last Tuesday`(day: String, expiry: String) throws {
        #expect(try #require(CalendarDate(day)).last(.tuesday).description == expiry)
    }

    @Test(arguments: [
        "", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-1-01", "26-01-01", "2026/01/01",
        "2026-01-01 ", "+026-01-01", "0000-01-01", "२०२६-०१-०१",
    ])
    func `what is no date is refused`(text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test func `days before 1970 have dates too`() throws {
        let date = try #require(CalendarDate("1969-12-31"))
        #expect(date.daysSinceEpoch == -1 && date.weekday == .wednesday)
        #expect(date.adding(days: -365).description == "1968-12-31")
        #expect(CalendarDate(daysSinceEpoch: -719_162).description == "0001-01-01")
    }
}
