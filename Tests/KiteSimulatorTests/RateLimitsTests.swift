import Testing
import Trading

@testable import KiteSimulator

@Suite struct RateLimitsTests {
    let start = Timestamp(indianDate: CalendarDate(daysSinceEpoch: 20_780), secondOfDay: 36_000)

    private func refusal(_ body: () throws(KiteRefusal) -> Void) -> KiteRefusal? {
        do throws(KiteRefusal) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test func `the eleventh placement of a second is refused, and passes a second later`() {
        var counters = RateCounters(limits: .kite)
        for _ in 0..<10 {
            #expect(refusal { () throws(KiteRefusal) in try counters.countOrder(userID: "A", at: start) } == nil)
        }
        #expect(
            refusal { () throws(KiteRefusal) in try counters.countOrder(userID: "A", at: start) } == .tooManyRequests)
        #expect(refusal { () throws(KiteRefusal) in try counters.countOrder(userID: "B", at: start) } == nil)
        let later = start.advanced(by: .seconds(1))
        #expect(refusal { () throws(KiteRefusal) in try counters.countOrder(userID: "A", at: later) } == nil)
    }

    @Test func `the 401st placement of a minute is refused`() {
        var counters = RateCounters(limits: RateLimits(ordersPerMinute: 400))
        for index in 0..<400 {
            let time = start.advanced(by: .milliseconds(index * 100))
            #expect(refusal { () throws(KiteRefusal) in try counters.countOrder(userID: "A", at: time) } == nil)
        }
        let late = start.advanced(by: .seconds(50))
        #expect(refusal { () throws(KiteRefusal) in try counters.countOrder(userID: "A", at: late) } == .tooManyOrders)
    }

    @Test func `an order of several legs is one a second and as many a minute and a day`() {
        var counters = RateCounters(limits: RateLimits(ordersPerSecond: 1, ordersPerMinute: 10))
        func count(_ legs: Int, after seconds: Int) -> KiteRefusal? {
            let time = start.advanced(by: .seconds(seconds))
            return refusal { () throws(KiteRefusal) in try counters.countOrder(userID: "A", orders: legs, at: time) }
        }
        #expect(count(6, after: 0) == nil)
        #expect(count(1, after: 0) == .tooManyRequests)
        #expect(count(5, after: 1) == .tooManyOrders)
        #expect(count(4, after: 2) == nil)
        #expect(count(1, after: 59) == .tooManyOrders)
        // The six of the start have left the minute, the four behind them have not.
        #expect(count(7, after: 60) == .tooManyOrders)
        #expect(count(6, after: 61) == nil)
        #expect(count(11, after: 200) == .tooManyOrders)
        #expect(count(10, after: 201) == nil)
    }

    @Test func `an order that a trigger fires counts towards the day but not the second`() {
        var counters = RateCounters(limits: RateLimits(ordersPerSecond: 1, ordersPerDay: 3))
        for expected in [nil, nil, nil, KiteRefusal.tooManyOrders] {
            #expect(refusal { () throws(KiteRefusal) in try counters.countOrders(userID: "A", at: start) } == expected)
        }
        #expect(
            refusal { () throws(KiteRefusal) in try counters.countOrder(userID: "A", at: start) } == .tooManyOrders)
    }

    @Test func `the day's count starts anew at midnight in India`() {
        var counters = RateCounters(limits: RateLimits(ordersPerDay: 2))
        for _ in 0..<2 {
            #expect(refusal { () throws(KiteRefusal) in try counters.countOrder(userID: "A", at: start) } == nil)
        }
        let evening = Timestamp(indianDate: start.indian.date, secondOfDay: 86_399)
        #expect(
            refusal { () throws(KiteRefusal) in try counters.countOrder(userID: "A", at: evening) } == .tooManyOrders)
        let midnight = evening.advanced(by: .seconds(1))
        #expect(refusal { () throws(KiteRefusal) in try counters.countOrder(userID: "A", at: midnight) } == nil)
    }

    @Test func `quotes, candles and the rest are counted apart, per app`() {
        var counters = RateCounters(limits: .kite)
        let limits: [(RateCounters.Group, Int)] = [(.quotes, 1), (.candles, 3), (.others, 10)]
        for (group, limit) in limits {
            for _ in 0..<limit {
                #expect(refusal { () throws(KiteRefusal) in try counters.count(group, apiKey: "k", at: start) } == nil)
            }
            #expect(
                refusal { () throws(KiteRefusal) in try counters.count(group, apiKey: "k", at: start) }
                    == .tooManyRequests)
            #expect(refusal { () throws(KiteRefusal) in try counters.count(group, apiKey: "other", at: start) } == nil)
        }
    }

    @Test func `without limits everything passes`() {
        var counters = RateCounters(limits: .none)
        for _ in 0..<1_000 {
            #expect(refusal { () throws(KiteRefusal) in try counters.countOrder(userID: "A", at: start) } == nil)
            #expect(refusal { () throws(KiteRefusal) in try counters.count(.quotes, apiKey: "k", at: start) } == nil)
        }
    }
}
