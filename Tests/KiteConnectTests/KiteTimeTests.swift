import Testing

@testable import KiteConnect

@Suite struct KiteTimeTests {
    @Test(arguments: [
        // 1625461887 is the exchange time of the recorded full packet, 10:41:27 in India.
        ("2021-07-05 10:41:27", 1_625_461_887),
        ("2021-07-05T10:41:27", 1_625_461_887),
        ("2021-07-05T10:41:27+0530", 1_625_461_887),
        ("2021-07-05T10:41:27+05:30", 1_625_461_887),
        ("2021-07-05T05:11:27Z", 1_625_461_887),
        ("2021-07-05T05:11:27.123456Z", 1_625_461_887),
        ("2021-07-05T01:11:27-04:00", 1_625_461_887),
        ("2021-07-05 10:41", 1_625_461_860),
        ("2021-07-05", 1_625_423_400),
        ("1970-01-01 05:30:00", 0),
        ("2024-02-29 00:00:00", 1_709_145_000),
    ]) func `every form of Kite's times is read`(text: String, seconds: Int64) {
        #expect(KiteTime(text)?.unixSeconds == seconds)
    }

    @Test(arguments: [
        "", "0001-01-01 00:00:00", "0001-01-01", "09:16:39", "2021-13-01", "2021-02-29", "2021-07-05 24:00:00",
        "2021-07-05 10:61:27", "2021-07-05 10:41:27 IST", "2021-7-5", "not a time at all", "2021-07-05 10:4x:27",
    ]) func `the zero date and text that is no time are nil`(text: String) {
        #expect(KiteTime(text) == nil)
    }

    @Test func `a time is written as Kite writes it`() {
        #expect("\(KiteTime(unixSeconds: 1_625_461_887))" == "2021-07-05 10:41:27")
        #expect("\(KiteTime(unixSeconds: -1))" == "1970-01-01 05:29:59")
        #expect(KiteTime(unixSeconds: 1_625_461_887).secondsOfDay == 38_487)
    }

    @Test func `dates and day counts agree over four hundred years`() {
        for days in stride(from: Int64(-60_000), through: 90_000, by: 17) {
            let date = KiteDate(daysSinceEpoch: days)
            #expect(date.daysSinceEpoch == days)
            #expect(KiteDate("\(date)") == date)
        }
        #expect(KiteDate("2026-11-21")?.daysSinceEpoch == 20_778)
    }
}

@Suite struct DecimalTextTests {
    @Test(arguments: [
        (0.0, "0"), (-0.0, "0"), (24500.05, "24500.05"), (72.0, "72"), (0.0025, "0.0025"), (1e-7, "0.0000001"),
        (1.5e-5, "0.000015"), (-2.5e-6, "-0.0000025"), (1e16, "10000000000000000"), (1.25e17, "125000000000000000"),
        (0.1 + 0.2, "0.30000000000000004"), (-1, "-1"), (100, "100"), (42_949_672.95, "42949672.95"),
    ]) func `a number is its shortest decimal without exponent`(value: Double, text: String) {
        #expect(DecimalText.text(value) == text)
        #expect(Double(text) == value)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity]) func `what is no number has no text`(value: Double) {
        #expect(DecimalText.text(value) == nil)
    }
}

@Suite struct FormEncodingTests {
    @Test func `reserved characters, blanks and letters beyond ASCII are percent-encoded`() {
        let pairs = [("i", "NSE:M&M"), ("i", "NSE:NIFTY 50"), ("tag", "a+b=c"), ("n", "₹")]
        #expect(
            FormEncoding.encode(pairs.map { (name: $0.0, value: $0.1) })
                == "i=NSE%3AM%26M&i=NSE%3ANIFTY%2050&tag=a%2Bb%3Dc&n=%E2%82%B9")
    }

    @Test(arguments: [
        ("..", "%2E%2E"), ("a/b", "a%2Fb"), ("1?x=1", "1%3Fx%3D1"), ("171229000724687", "171229000724687"),
    ])
    func `a path segment cannot leave its place`(value: String, encoded: String) {
        #expect(FormEncoding.segment(value) == encoded)
    }
}
