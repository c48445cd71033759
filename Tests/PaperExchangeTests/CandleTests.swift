import Testing
import Trading

@testable import PaperExchange

struct CandleTests {
    static let index = InstrumentID(exchange: .nse, symbol: "NIFTY 50")
    static let put = InstrumentID(exchange: .nfo, symbol: "NIFTY26NOV24500PE")
    static let watched = [index, PaperFloor.future, PaperFloor.call, put, PaperFloor.share]

    private func book(_ id: InstrumentID, _ floor: PaperFloor = PaperFloor(), today: Bool = false) throws -> CandleBook
    {
        let token = try #require(PaperFloor.listing.token(of: id))
        let book = floor.market.candles(of: token, withToday: today, at: floor.now)
        return try #require(book)
    }

    private func candles(
        _ book: CandleBook, _ interval: CandleInterval, daysBack: Int, until: CalendarDate = PaperFloor.date,
        continuous: Bool = false
    ) -> [Candle] {
        book.candles(
            interval, from: Timestamp(indianDate: until.adding(days: -daysBack), secondOfDay: 0),
            to: Timestamp(indianDate: until, secondOfDay: 86_399), continuous: continuous)
    }

    /// The longer candles made by hand: grouped by date and by whole lengths since the session's first minute.
    private func grouped(_ minutes: [Candle], _ interval: CandleInterval) -> [Candle] {
        var groups: [[Candle]] = []
        var start = 0
        for minute in minutes {
            let (date, second) = minute.time.indian
            if let first = groups.last?.first, first.time.indian.date == date {
                let length = interval.minutes ?? 10_000
                if (second - start) / 60 / length == (groups[groups.count - 1][0].time.indian.secondOfDay - start) / 60
                    / length
                {
                    groups[groups.count - 1].append(minute)
                    continue
                }
            } else {
                start = second
            }
            groups.append([minute])
        }
        return groups.map { group in
            let date = group[0].time.indian.date
            return Candle(
                time: interval == .day ? Timestamp(indianDate: date, secondOfDay: 0) : group[0].time,
                open: group[0].open, high: group.map(\.high).max() ?? .zero, low: group.map(\.low).min() ?? .zero,
                close: group[group.count - 1].close, volume: group.reduce(0) { $0 + $1.volume },
                openInterest: group[group.count - 1].openInterest)
        }
    }

    @Test(arguments: CandleInterval.allCases, watched)
    func `a longer candle is the aggregate of its minutes`(interval: CandleInterval, id: InstrumentID) throws {
        let book = try book(id)
        let minutes = candles(book, .minute, daysBack: 8)
        #expect(minutes.count > 4 * 360)
        #expect(candles(book, interval, daysBack: 8) == grouped(minutes, interval))
    }

    @Test(arguments: watched) func `history ends at the previous close and stays on the grid`(id: InstrumentID) throws {
        let floor = PaperFloor()
        let minutes = candles(try book(id, floor), .minute, daysBack: 10)
        #expect(minutes.last?.close == floor.quote(id)?.close)
        let tick = Price(tenThousandths: max(PaperFloor.listing.instrument(id)?.tickSize.tenThousandths ?? 0, 500))
        let grid = id == Self.index ? tick : try #require(PaperFloor.listing.instrument(id)).tickSize
        for minute in minutes {
            #expect(minute.low <= min(minute.open, minute.close) && max(minute.open, minute.close) <= minute.high)
            #expect(minute.low > .zero && minute.open.isMultiple(ofTick: grid) && minute.high.isMultiple(ofTick: grid))
            #expect((minute.volume == 0) == (id == Self.index))
            #expect((minute.openInterest > 0) == (id.exchange == .nfo))
        }
    }

    @Test func `candles stand on trading days and in session minutes only`() throws {
        let holiday = try #require(CalendarDate(year: 2026, month: 11, day: 10))
        let later = candles(try book(PaperFloor.future), .minute, daysBack: 14)
        let dates = Set(later.map(\.time.indian.date))
        #expect(!dates.contains(holiday))
        #expect(dates.allSatisfy(TradingHolidays.published.isTradingDay))
        #expect(dates.count == 9)
        let first = try #require(later.first?.time.indian)
        #expect(first.secondOfDay == 9 * 3_600 + 900)
        #expect(later.count == dates.count * 385)
        let shares = try book(PaperFloor.share)
        let july = try #require(CalendarDate(year: 2026, month: 7, day: 31))
        #expect(candles(shares, .minute, daysBack: 0, until: july).count == 375)
        #expect(candles(shares, .minute, daysBack: 0, until: july.adding(days: 3)).count == 360)
        #expect(candles(shares, .minute, daysBack: 0, until: july.adding(days: 1)).isEmpty)
    }

    @Test func `the same seed gives the same past, another seed another`() throws {
        func past(_ seed: UInt64) throws -> [Candle] {
            candles(try book(PaperFloor.share, PaperFloor(seed: seed)), .day, daysBack: 100)
        }
        #expect(try past(3) == past(3))
        #expect(try past(3) != past(4))
        // What is asked for does not change what is told about a day.
        let whole = candles(try book(PaperFloor.call), .minute, daysBack: 12)
        let part = candles(try book(PaperFloor.call), .minute, daysBack: 5)
        #expect(Array(whole.suffix(part.count)) == part)
    }

    @Test func `a future follows its index and a put goes against it`() throws {
        let index = candles(try book(Self.index), .day, daysBack: 40)
        let future = candles(try book(PaperFloor.future), .day, daysBack: 40)
        #expect(index.count == future.count)
        for (left, right) in zip(index, future) {
            #expect(abs(right.close.double / left.close.double - 1) < 0.02)
        }
        let calls = candles(try book(PaperFloor.call), .day, daysBack: 40)
        let puts = candles(try book(Self.put), .day, daysBack: 40)
        let days = zip(zip(calls, calls.dropFirst()), zip(puts, puts.dropFirst()))
        let against = days.count(where: { call, put in
            (call.1.close > call.0.close && put.1.close < put.0.close)
                || (call.1.close < call.0.close && put.1.close > put.0.close)
        })
        #expect(against > calls.count / 2)
    }

    @Test func `a contract begins with its listing, and continuous days go on before it`() throws {
        let book = try book(PaperFloor.future)
        let own = candles(book, .day, daysBack: 120)
        let expiry = try #require(PaperFloor.listing.instrument(PaperFloor.future)?.expiry)
        #expect(try #require(own.first).time.indian.date >= expiry.adding(days: -100))
        let all = candles(book, .day, daysBack: 120, continuous: true)
        #expect(all.count > own.count + 8)
        let near = CalendarDate(daysSinceEpoch: expiry.daysSinceEpoch - 24)
        #expect(all.filter { $0.time.indian.date >= near } == own.filter { $0.time.indian.date >= near })
        let millennium = try #require(CalendarDate(year: 2000, month: 1, day: 5))
        #expect(candles(book, .day, daysBack: 20, until: millennium, continuous: true).count == 3)
    }
}

struct DayCandleTests {
    private func today(_ floor: PaperFloor, _ id: InstrumentID = PaperFloor.future) throws -> [Candle] {
        let token = try #require(PaperFloor.listing.token(of: id))
        let book = floor.market.candles(of: token, withToday: true, at: floor.now)
        return try #require(book).today
    }

    @Test func `the day's candles add up to what the quote tells, users' trades included`() throws {
        let floor = PaperFloor(seed: 5)
        var dice = Dice(seed: 9)
        for round in 0..<1_500 {
            floor.advance()
            guard round % 40 == 0 else { continue }
            let side: Side = dice.roll(2) == 0 ? .buy : .sell
            _ = try floor.place(
                PaperFloor.request(side, .market, quantity: 65 * Int64(1 + dice.roll(20)), protection: .automatic))
            if dice.roll(3) == 0 { _ = try today(floor) }
        }
        for id in [PaperFloor.future, PaperFloor.call, CandleTests.index] {
            let candles = try today(floor, id)
            let quote = try #require(floor.quote(id))
            #expect(candles.count == 7)
            #expect(candles.first?.open == quote.open)
            #expect(candles.map(\.high).max() == quote.high)
            #expect(candles.map(\.low).min() == quote.low)
            #expect(candles.last?.close == quote.lastPrice)
            #expect(candles.reduce(0) { $0 + $1.volume } == quote.volume)
            #expect(candles.last?.openInterest == quote.openInterest)
        }
    }

    @Test func `what was never looked at has the same candles as what was watched`() throws {
        let (watched, unwatched) = (PaperFloor(seed: 6), PaperFloor(seed: 6))
        for _ in 0..<500 {
            watched.advance()
            unwatched.advance()
            _ = watched.quote(PaperFloor.call)
            _ = try today(watched, PaperFloor.call)
        }
        #expect(try today(watched, PaperFloor.call) == today(unwatched, PaperFloor.call))
    }

    @Test func `a trade before the minute's first step begins its candle`() throws {
        let floor = PaperFloor()
        floor.advance(10)
        floor.now = Timestamp(seconds: (floor.now.seconds / 60 + 1) * 60)
        let id = try floor.place(PaperFloor.request(.buy, .market, protection: .automatic))
        let price = try #require(floor.order(id)?.averagePrice)
        let fresh = try #require(try today(floor).last)
        #expect(fresh.open == price && fresh.close == price && fresh.time == floor.now)
        floor.advance(3)
        let grown = try #require(try today(floor).last)
        #expect(grown.open == price && grown.time == fresh.time)
        #expect(grown.close == floor.quote()?.lastPrice)
    }

    @Test func `closed hours have no candles`() throws {
        let floor = PaperFloor(alwaysOpen: false)
        floor.now = Timestamp(indianDate: PaperFloor.date, secondOfDay: 15 * 3_600 + 14 * 60)
        for _ in 0..<4 {
            floor.advance(60)
            floor.now = floor.now.advanced(by: .seconds(45))
        }
        let seconds = try today(floor, PaperFloor.share).map(\.time.indian.secondOfDay)
        #expect(seconds.allSatisfy { $0 < 15 * 3_600 + 15 * 60 })
        #expect(try today(floor).map(\.time.indian.secondOfDay).contains { $0 >= 15 * 3_600 + 15 * 60 })
    }
}
