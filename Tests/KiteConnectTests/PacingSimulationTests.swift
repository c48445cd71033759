import Testing

@testable import KiteConnect

/// Many calls over simulated minutes: what the other end of a network with jitter counts.
@Suite struct PacingSimulationTests {
    private struct Event {
        var moment: Duration
        var kind: Kind

        enum Kind {
            case arrival
            case ask(UInt64)
            case cancel(UInt64)
        }
    }

    /// A run with one seed: arrivals, timers that are late, a network that delays, callers that go away.
    private struct Run {
        var chance: RepeatableNumbers
        var book: PaceBook
        var request: PaceRequest
        var patience = Duration.seconds(5)
        var cancelled = 0.0
        var events: [Event] = []
        var entered: [UInt64: Duration] = [:]
        var order: [UInt64] = []
        var left: [(id: UInt64, moment: Duration)] = []
        var received: [Duration] = []
        var refused = 0

        init(seed: UInt64, request: PaceRequest, rules: KiteLimits) {
            chance = RepeatableNumbers(seed: seed)
            book = PaceBook(rules: rules, queueLength: 1000)
            self.request = request
        }

        mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration {
            .microseconds(Int.random(in: (range.lowerBound * 1000)...(range.upperBound * 1000), using: &chance))
        }

        /// Offers calls at a mean rate, sometimes in bursts, for a time.
        mutating func offer(perSecond rate: Int, for length: Duration) {
            var moment = Duration.zero
            while moment < length {
                let burst = Int.random(in: 0..<20, using: &chance) == 0 ? 12 : 1
                for _ in 0..<burst { events.append(Event(moment: moment, kind: .arrival)) }
                moment += milliseconds(0...(2000 * burst / rate))
            }
            events.sort { $0.moment > $1.moment }
        }

        mutating func play() {
            while let event = events.popLast() {
                switch event.kind {
                case .arrival:
                    let entry = book.enter(request, at: event.moment, deadline: event.moment + patience, day: 0)
                    entered[entry.id] = event.moment
                    order.append(entry.id)
                    take(entry.turn, of: entry.id, at: event.moment)
                    if Double.random(in: 0..<1, using: &chance) < cancelled {
                        schedule(.cancel(entry.id), at: event.moment + milliseconds(0...5000))
                    }
                case .ask(let id):
                    take(book.turn(of: id, in: request.line, at: event.moment, day: 0), of: id, at: event.moment)
                case .cancel(let id):
                    if let next = book.withdraw(id, from: request.line) { wake(next, at: event.moment) }
                }
            }
        }

        private mutating func take(_ turn: PaceBook.Turn, of id: UInt64, at now: Duration) {
            switch turn {
            case .leave(let next):
                left.append((id, now))
                received.append(now + .milliseconds(30) + milliseconds(0...20))
                if let next { wake(next, at: now) }
            case .ask(let moment): schedule(.ask(id), at: moment + milliseconds(0...12))
            case .wait: break
            case .refused(_, let next):
                refused += 1
                if let next { wake(next, at: now) }
            }
        }

        private mutating func wake(_ id: UInt64, at now: Duration) {
            schedule(.ask(id), at: now + milliseconds(0...1))
        }

        private mutating func schedule(_ kind: Event.Kind, at moment: Duration) {
            let index = events.lastIndex { $0.moment > moment }.map { $0 + 1 } ?? 0
            events.insert(Event(moment: moment, kind: kind), at: index)
        }

        /// The most calls that fall into any stretch of a length at the other end, its ends included.
        func most(in length: Duration) -> Int {
            let moments = received.sorted()
            var first = 0
            var most = 0
            for (index, moment) in moments.enumerated() {
                while moment - moments[first] > length { first += 1 }
                most = max(most, index - first + 1)
            }
            return most
        }
    }

    private static func orders(_ seed: UInt64, minuteCounts: Bool = false) -> Run {
        var rules = KiteLimits()
        // The minute's limit allows 6.7 orders a second, which would hide what the second's does.
        if !minuteCounts { rules.ordersPerMinute = 100_000 }
        return Run(
            seed: seed, request: PaceRequest(scope: PaceBookTests.scope, pacing: .placement(orders: 1)), rules: rules)
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `twenty orders a second leave as ten at most and nine and a half at least`(seed: UInt64) throws {
        var run = Self.orders(seed)
        run.offer(perSecond: 20, for: .seconds(60))
        run.play()
        #expect(run.most(in: .seconds(1)) <= 10)
        let within = run.left.count { $0.moment <= .seconds(60) }
        #expect(within >= 570, "\(within) orders left within sixty seconds")
        #expect(run.left.count + run.refused == run.entered.count)
        #expect(run.refused > 400)
        let waits = try run.left.map { $0.moment - (try #require(run.entered[$0.id])) }
        #expect(waits.allSatisfy { $0 <= .milliseconds(5015) })
        #expect(run.left.map(\.id) == run.left.map(\.id).sorted())
        #expect(run.book.waiting == 0)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `callers that go away waste no second of the others`(seed: UInt64) {
        var run = Self.orders(seed)
        run.cancelled = 0.3
        run.offer(perSecond: 30, for: .seconds(30))
        run.play()
        #expect(run.most(in: .seconds(1)) <= 10)
        #expect(run.left.count { $0.moment <= .seconds(30) } >= 285)
        #expect(run.left.map(\.id) == run.left.map(\.id).sorted())
        #expect(run.book.waiting == 0)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `no minute has more than four hundred orders`(seed: UInt64) {
        var run = Self.orders(seed, minuteCounts: true)
        run.offer(perSecond: 15, for: .seconds(150))
        run.play()
        #expect(run.most(in: .seconds(60)) <= 400)
        #expect(run.most(in: .seconds(1)) <= 10)
        #expect(run.left.count >= 400 * 2)
    }

    static let rates: [(pacing: Pacing, limit: Int)] = [(.quote, 1), (.candles, 3), (.other, 10)]

    @Test(arguments: rates.indices, 0..<10 as Range<UInt64>)
    func `every kind of call keeps its second`(index: Int, seed: UInt64) {
        let row = Self.rates[index]
        var run = Run(
            seed: seed, request: PaceRequest(scope: PaceBookTests.scope, pacing: row.pacing), rules: KiteLimits())
        run.offer(perSecond: row.limit * 8, for: .seconds(60))
        run.play()
        #expect(run.most(in: .seconds(1)) <= row.limit)
        #expect(Double(run.left.count) >= 57 * Double(row.limit) * 0.95)
    }
}
