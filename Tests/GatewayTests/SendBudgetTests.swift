import Brokers
import Gateway
import Testing

struct SendBudgetTests {
    static let kite = OrderLimits(perSecond: 10, perMinute: 400, perDay: 5_000)

    /// The most departures in any window of a length, its end left out.
    private func most(of departures: [Duration], within window: Duration) -> Int {
        var first = 0
        var most = 0
        for (index, moment) in departures.enumerated() {
            while departures[first] <= moment - window { first += 1 }
            most = max(most, index - first + 1)
        }
        return most
    }

    private func departures(
        _ budget: inout SendBudget, offering arrivals: [Duration], patience: Duration
    ) -> [Duration] {
        arrivals.compactMap { arrival in
            guard case .leave(let moment) = budget.request(at: arrival, patience: patience) else { return nil }
            #expect(moment >= arrival && moment - arrival <= patience)
            return moment
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `no window ever holds more than the broker allows`(seed: UInt64) {
        var chance = SeededNumbers(seed: seed)
        var budget = SendBudget(limits: Self.kite)
        var now = Duration.seconds(Int64.random(in: 0...100_000, using: &chance))
        let arrivals = (0..<1_500).map { _ in
            // Bursts, steady load and pauses.
            let pause = Int.random(in: 0...3, using: &chance) == 0 ? Int64.random(in: 0...800_000, using: &chance) : 0
            now += .microseconds(pause)
            return now
        }
        let patience = Duration.milliseconds(Int64.random(in: 0...3_000, using: &chance))
        let departures = departures(&budget, offering: arrivals, patience: patience)
        #expect(departures == departures.sorted())
        #expect(most(of: departures, within: .seconds(1)) <= 10, "seed \(seed)")
        #expect(most(of: departures, within: .seconds(60)) <= 400, "seed \(seed)")
    }

    @Test func `twice the allowed load leaves at more than nine and a half orders a second`() {
        var budget = SendBudget(limits: OrderLimits(perSecond: 10, perMinute: 100_000, perDay: 100_000))
        let arrivals = (0..<6_000).map { Duration.milliseconds(50 * $0) }
        let departures = departures(&budget, offering: arrivals, patience: .seconds(2))
        #expect(most(of: departures, within: .seconds(1)) <= 10)
        #expect(Double(departures.count) / 300 >= 9.5, "\(departures.count) in 300 s")
    }

    @Test func `the minute's number is used up to the full`() {
        var budget = SendBudget(limits: Self.kite)
        let arrivals = (0..<12_000).map { Duration.milliseconds(50 * $0) }
        let departures = departures(&budget, offering: arrivals, patience: .seconds(2))
        #expect(most(of: departures, within: .seconds(60)) == 400)
        #expect(departures.count >= 10 * 395, "\(departures.count) in ten minutes")
    }

    @Test func `departures that are late by less than the slack still fit`() {
        var budget = SendBudget(limits: Self.kite)
        let moments = departures(&budget, offering: (0..<30).map { _ in .seconds(5) }, patience: .seconds(3))
        #expect(moments.count == 30)
        // Each leaves up to 39 ms late, in turn as late and as punctual as it can.
        let actual = moments.enumerated().map { $0.offset / 10 % 2 == 0 ? $0.element + .milliseconds(39) : $0.element }
        #expect(most(of: actual, within: .seconds(1)) <= 10)
    }

    @Test func `what would wait too long is told so and takes no place`() {
        var budget = SendBudget(limits: OrderLimits(perSecond: 1, perMinute: 400, perDay: 5_000))
        #expect(budget.request(at: .zero, patience: .zero) == .leave(at: .zero))
        #expect(budget.request(at: .zero, patience: .milliseconds(500)) == .tooLate)
        #expect(budget.request(at: .milliseconds(1_100), patience: .zero) == .leave(at: .milliseconds(1_100)))
    }

    @Test func `the day's number ends the day, and the next one starts anew`() {
        var budget = SendBudget(limits: OrderLimits(perSecond: 10, perMinute: 400, perDay: 3))
        budget.startDay(used: 1)
        #expect(budget.request(at: .seconds(1), patience: .zero) == .leave(at: .seconds(1)))
        #expect(budget.request(at: .seconds(2), patience: .zero) == .leave(at: .seconds(2)))
        #expect(budget.request(at: .seconds(3), patience: .zero) == .exhausted)
        budget.startDay()
        #expect(budget.request(at: .seconds(4), patience: .zero) == .leave(at: .seconds(4)))
    }
}
