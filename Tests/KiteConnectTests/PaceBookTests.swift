import Testing

@testable import KiteConnect

/// The decisions of the pacer, on a clock that only numbers move.
@Suite struct PaceBookTests {
    static let scope = PaceScope(key: "k", account: "a")
    private static let placement = PaceRequest(scope: scope, pacing: .placement(orders: 1))

    /// Calls that all leave or are refused at once, at one moment.
    private static func burst(
        _ book: inout PaceBook, _ pacing: Pacing, _ count: Int, at now: Duration, day: Int64 = 0,
        scope: PaceScope = scope
    ) -> [PaceBook.Turn] {
        (0..<count).map { _ in
            book.enter(PaceRequest(scope: scope, pacing: pacing), at: now, deadline: now, day: day).turn
        }
    }

    static let limits: [(pacing: Pacing, count: Int)] = [
        (.quote, 1), (.candles, 3), (.other, 10), (.placement(orders: 1), 10), (.cancellation, 10),
        (.modification(orderID: "1"), 10),
    ]

    @Test(arguments: limits.indices) func `each kind of call has its number a second`(index: Int) {
        let row = Self.limits[index]
        var book = PaceBook(rules: KiteLimits(), queueLength: 100)
        let turns = Self.burst(&book, row.pacing, row.count + 1, at: .seconds(5))
        #expect(turns.dropLast().allSatisfy { $0 == .leave(next: nil) })
        #expect(turns.last == .refused(.tooLate, next: nil))
        #expect(Self.burst(&book, row.pacing, 1, at: .milliseconds(6039)).first == .refused(.tooLate, next: nil))
        #expect(Self.burst(&book, row.pacing, 1, at: .milliseconds(6040)).first == .leave(next: nil))
    }

    @Test func `kinds, keys and accounts do not stand in each other's way`() {
        var book = PaceBook(rules: KiteLimits(), queueLength: 100)
        let second = PaceScope(key: "k2", account: "a")
        let third = PaceScope(key: "k", account: "a3")
        for pacing in [Pacing.quote, .candles, .other, .placement(orders: 1)] {
            #expect(Self.burst(&book, pacing, 1, at: .zero).first == .leave(next: nil))
        }
        #expect(Self.burst(&book, .quote, 1, at: .zero, scope: second).first == .leave(next: nil))
        #expect(Self.burst(&book, .quote, 1, at: .zero, scope: third).first == .refused(.tooLate, next: nil))
        #expect(Self.burst(&book, .placement(orders: 1), 10, at: .zero, scope: second).last != .leave(next: nil))
        #expect(Self.burst(&book, .placement(orders: 1), 10, at: .zero, scope: third).last == .leave(next: nil))
    }

    @Test func `changes of orders count as orders and as other calls`() {
        var book = PaceBook(rules: KiteLimits(), queueLength: 100)
        #expect(Self.burst(&book, .cancellation, 4, at: .zero).last == .leave(next: nil))
        #expect(Self.burst(&book, .placement(orders: 1), 6, at: .zero).last == .leave(next: nil))
        #expect(Self.burst(&book, .placement(orders: 1), 1, at: .zero).last == .refused(.tooLate, next: nil))
        #expect(Self.burst(&book, .other, 6, at: .zero).last == .leave(next: nil))
        #expect(Self.burst(&book, .other, 1, at: .zero).last == .refused(.tooLate, next: nil))
    }

    @Test func `the minute's four hundred orders end the placing, not the cancelling`() {
        var book = PaceBook(rules: KiteLimits(), queueLength: 100)
        for burst in 0..<40 {
            let now = Duration.milliseconds(1040 * burst)
            #expect(Self.burst(&book, .placement(orders: 1), 10, at: now).last == .leave(next: nil))
        }
        let now = Duration.milliseconds(1040 * 40)
        #expect(Self.burst(&book, .placement(orders: 1), 1, at: now).last == .refused(.tooLate, next: nil))
        #expect(Self.burst(&book, .cancellation, 1, at: now).last == .leave(next: nil))
        #expect(Self.burst(&book, .placement(orders: 1), 1, at: .milliseconds(60_040)).last == .leave(next: nil))
    }

    @Test func `the day's orders are counted by legs and begin anew at midnight`() {
        var rules = KiteLimits()
        rules.ordersPerDay = 12
        var book = PaceBook(rules: rules, queueLength: 100)
        #expect(Self.burst(&book, .placement(orders: 10), 1, at: .zero).last == .leave(next: nil))
        #expect(Self.burst(&book, .placement(orders: 3), 1, at: .zero).last == .refused(.dayExhausted, next: nil))
        book.addOrders(1, account: "a", day: 0)
        #expect(Self.burst(&book, .placement(orders: 1), 2, at: .zero).last == .refused(.dayExhausted, next: nil))
        #expect(Self.burst(&book, .cancellation, 1, at: .zero).last == .leave(next: nil))
        #expect(Self.burst(&book, .placement(orders: 12), 1, at: .zero, day: 1).last == .leave(next: nil))
    }

    @Test func `an order that certainly did not happen does not count towards the day`() {
        var rules = KiteLimits()
        rules.ordersPerDay = 1
        var book = PaceBook(rules: rules, queueLength: 100)
        let first = book.enter(Self.placement, at: .zero, deadline: .zero, day: 0)
        book.settle(first.id, hadEffect: false)
        let second = book.enter(Self.placement, at: .zero, deadline: .zero, day: 0)
        #expect(second.turn == .leave(next: nil))
        book.settle(second.id, hadEffect: true)
        #expect(Self.burst(&book, .placement(orders: 1), 1, at: .zero).last == .refused(.dayExhausted, next: nil))
    }

    @Test func `an order is changed twenty-five times and not once more`() {
        var book = PaceBook(rules: KiteLimits(), queueLength: 100)
        for number in 0..<25 {
            let turn = Self.burst(&book, .modification(orderID: "1"), 1, at: .seconds(number)).last
            #expect(turn == .leave(next: nil))
        }
        let refused = PaceBook.Turn.refused(.changesExhausted, next: nil)
        #expect(Self.burst(&book, .modification(orderID: "1"), 1, at: .seconds(60)).last == refused)
        #expect(Self.burst(&book, .modification(orderID: "2"), 1, at: .seconds(60)).last == .leave(next: nil))
        #expect(Self.burst(&book, .cancellation, 1, at: .seconds(60)).last == .leave(next: nil))
    }

    @Test func `who would wait too long is refused at once, and so is who finds the line full`() {
        var book = PaceBook(rules: KiteLimits(), queueLength: 3)
        let quote = PaceRequest(scope: Self.scope, pacing: .quote)
        func enter(_ patience: Duration) -> PaceBook.Turn {
            book.enter(quote, at: .zero, deadline: patience, day: 0).turn
        }
        #expect(enter(.seconds(5)) == .leave(next: nil))
        #expect(enter(.seconds(5)) == .ask(at: .milliseconds(1040)))
        #expect(enter(.seconds(5)) == .wait)
        #expect(enter(.seconds(3)) == .refused(.tooLate, next: nil))
        #expect(enter(.milliseconds(3120)) == .wait)
        #expect(enter(.seconds(100)) == .refused(.queueFull, next: nil))
        #expect(book.waiting == 3)
    }

    @Test func `who goes away makes room for the next`() {
        var book = PaceBook(rules: KiteLimits(), queueLength: 100)
        let quote = PaceRequest(scope: Self.scope, pacing: .quote)
        let ids = (0..<4).map { _ in book.enter(quote, at: .zero, deadline: .seconds(9), day: 0).id }
        #expect(book.withdraw(ids[2], from: quote.line) == nil)
        #expect(book.withdraw(ids[1], from: quote.line) == ids[3])
        #expect(book.withdraw(ids[1], from: quote.line) == nil)
        #expect(book.turn(of: ids[3], in: quote.line, at: .milliseconds(1040), day: 0) == .leave(next: nil))
        #expect(book.waiting == 0)
    }

    @Test func `too many calls all the same make the kind pause, and who is too late by that is told`() {
        var book = PaceBook(rules: KiteLimits(), queueLength: 100)
        let quote = PaceRequest(scope: Self.scope, pacing: .quote)
        let left = book.enter(quote, at: .zero, deadline: .zero, day: 0).id
        let first = book.enter(quote, at: .zero, deadline: .milliseconds(1100), day: 0).id
        let second = book.enter(quote, at: .zero, deadline: .milliseconds(2100), day: 0).id
        let third = book.enter(quote, at: .zero, deadline: .seconds(9), day: 0).id
        #expect(book.pause(left, at: .milliseconds(500)) == [second])
        let refusal = book.turn(of: first, in: quote.line, at: .milliseconds(1040), day: 0)
        #expect(refusal == .refused(.tooLate, next: third))
        #expect(book.turn(of: third, in: quote.line, at: .milliseconds(1040), day: 0) == .ask(at: .milliseconds(1500)))
        let other = book.enter(
            PaceRequest(scope: Self.scope, pacing: .other), at: .milliseconds(600), deadline: .milliseconds(600), day: 0
        )
        #expect(other.turn == .leave(next: nil))
    }

    @Test func `an order that is late in leaving puts off the eleventh after it`() {
        var book = PaceBook(rules: KiteLimits(), queueLength: 100)
        let ids = (0..<10).map { _ in book.enter(Self.placement, at: .zero, deadline: .zero, day: 0).id }
        for id in ids { book.correct(id, at: .milliseconds(165)) }
        let next = book.enter(Self.placement, at: .seconds(1), deadline: .seconds(9), day: 0)
        #expect(next.turn == .ask(at: .milliseconds(1190)))
    }
}
