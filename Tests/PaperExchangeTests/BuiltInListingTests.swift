import Testing
import Trading

@testable import PaperExchange

struct BuiltInListingTests {
    static let listing = PaperFloor.listing

    static func symbols(of underlying: String, _ kind: (Instrument) -> Bool) -> [Instrument] {
        (0..<listing.count).map(listing.instrument(at:)).filter { $0.underlying == underlying && kind($0) }
    }

    @Test(arguments: [
        ("NIFTY 50", Exchange.nse, 256_265), ("NIFTY BANK", .nse, 260_105), ("NIFTY FIN SERVICE", .nse, 257_801),
        ("SENSEX", .bse, 265), ("INFY", .nse, 408_065), ("SBIN", .nse, 779_521), ("RELIANCE", .nse, 738_561),
    ])
    func `well-known instruments carry their known tokens`(symbol: String, exchange: Exchange, token: UInt32) {
        let id = InstrumentID(exchange: exchange, symbol: symbol)
        #expect(Self.listing.instrument(id)?.token == InstrumentToken(token))
    }

    @Test(arguments: [
        ("NIFTY", ["NIFTY26NOVFUT", "NIFTY26DECFUT", "NIFTY27JANFUT"], 65, 10),
        ("BANKNIFTY", ["BANKNIFTY26NOVFUT", "BANKNIFTY26DECFUT", "BANKNIFTY27JANFUT"], 30, 20),
        ("FINNIFTY", ["FINNIFTY26NOVFUT", "FINNIFTY26DECFUT", "FINNIFTY27JANFUT"], 60, 10),
        ("SENSEX", ["SENSEX26NOVFUT", "SENSEX26DECFUT", "SENSEX27JANFUT"], 20, 5),
    ])
    func `an index has three monthly futures with its lot and tick`(
        underlying: String, expected: [String], lot: Int64, tickPaise: Int64
    ) {
        let futures = Self.symbols(of: underlying) { $0.segment == .futures }
        #expect(futures.map(\.id.symbol) == expected)
        #expect(futures.allSatisfy { $0.lotSize == Quantity(lot) && $0.tickSize == Price(paise: tickPaise) })
    }

    @Test(arguments: [
        ("NIFTY", ["2026-11-23", "2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22", "2026-12-29", "2027-01-25"]),
        ("SENSEX", ["2026-11-26", "2026-12-03", "2026-12-10", "2026-12-17", "2026-12-24", "2026-12-31", "2027-01-28"]),
        ("BANKNIFTY", ["2026-11-23", "2026-12-29", "2027-01-26"]),
    ])
    func `chains carry four weeklies where there are weeklies, and three monthlies`(
        underlying: String, expected: [String]
    ) {
        let dates = Set(Self.symbols(of: underlying) { $0.segment == .options }.compactMap(\.expiry)).sorted()
        // Holidays of 2027 are not published yet: the last expiry may still be moved by one.
        #expect(dates.dropLast().map(\.description) == Array(expected.dropLast()))
        #expect(dates.count == expected.count)
    }

    @Test func `a weekly symbol tells its day and the month's last expiry the month`() {
        for symbol in ["NIFTY26NOV24500CE", "NIFTY26D0124500PE", "NIFTY26DEC24500CE"] {
            #expect(Self.listing.token(of: InstrumentID(exchange: .nfo, symbol: symbol)) != nil, "\(symbol)")
        }
        #expect(Self.listing.token(of: InstrumentID(exchange: .bfo, symbol: "SENSEX26D0380000PE")) != nil)
        let monthly = Self.listing.instrument(InstrumentID(exchange: .nfo, symbol: "NIFTY26NOVFUT"))
        // 24 November 2026 is a holiday.
        #expect(monthly?.expiry?.description == "2026-11-23")
    }

    @Test func `tokens are unique, tell their market, and are the same every time`() {
        let instruments = (0..<Self.listing.count).map(Self.listing.instrument(at:))
        #expect(Set(instruments.map(\.token)).count == instruments.count)
        #expect(Set(instruments.map(\.id)).count == instruments.count)
        #expect(
            instruments.filter { $0.segment != .indices }.allSatisfy {
                $0.token.rawValue & 0xff == $0.id.exchange.tokenSegment
            })
        let again = Listing.builtIn(tradingDate: PaperFloor.date)
        #expect((0..<again.count).allSatisfy { again.instrument(at: $0) == instruments[$0] })
        #expect(instruments.filter { $0.kind == .equity }.count == 40)
    }

    @Test(arguments: [
        ("2025-08-20", Exchange.nfo, "2025-08-21", "2025-08-28"), ("2025-08-29", .nfo, "2025-09-02", "2025-09-30"),
        ("2025-08-18", .bfo, "2025-08-19", "2025-08-26"), ("2025-09-01", .bfo, "2025-09-04", "2025-09-25"),
        ("2026-03-01", .nfo, "2026-03-02", "2026-03-30"), ("2026-03-20", .bfo, "2026-04-02", "2026-03-25"),
        ("2026-04-10", .nfo, "2026-04-13", "2026-04-28"), ("2026-10-15", .nfo, "2026-10-19", "2026-10-27"),
        ("2026-11-06", .nfo, "2026-11-09", "2026-11-23"), ("2026-05-22", .bfo, "2026-06-04", "2026-05-27"),
    ])
    func `expiries follow the dated weekdays and move before holidays`(
        from: String, exchange: Exchange, weekly: String, monthly: String
    ) throws {
        let start = try #require(CalendarDate(from))
        let found = ExpiryCalendar().expiries(of: exchange, from: start, weeklies: 1, monthlies: 1)
        #expect(found.first { !$0.isMonthly }?.day.description == weekly)
        #expect(found.first { $0.isMonthly }?.day.description == monthly)
    }

    @Test(arguments: [
        (249, 1), (250, 5), (1_000, 5), (1_001, 10), (5_000, 10), (5_001, 50), (10_001, 100), (20_001, 500),
    ])
    func `a share's tick follows its price band`(rupees: Int64, paise: Int64) {
        #expect(TickRules.shareTickPaise(rupees: rupees) == paise)
    }
}
