import Testing

@testable import KiteConnect

@Suite struct OrderUpdateFilterTests {
    typealias State = OrderFixture.State

    struct AgeCase: Sendable {
        var candidate: State
        var known: State
        var age: OrderAge
    }

    @Test(arguments: [
        AgeCase(candidate: State(), known: State(), age: .same),
        AgeCase(candidate: State(second: 9), known: State(second: 3), age: .same),
        AgeCase(candidate: State(status: "UPDATE"), known: State(), age: .same),
        AgeCase(candidate: State(), known: State(status: "UPDATE"), age: .undecided),
        AgeCase(candidate: State(), known: State(status: "UPDATE", second: 1), age: .same),
        AgeCase(candidate: State(price: 101), known: State(status: "UPDATE", second: 1), age: .older),
        AgeCase(candidate: State(status: "COMPLETE", filled: 1000), known: State(second: 9), age: .newer),
        AgeCase(candidate: State(second: 9), known: State(status: "CANCELLED"), age: .older),
        AgeCase(candidate: State(status: "UPDATE", filled: 5), known: State(filled: 3, second: 9), age: .newer),
        AgeCase(candidate: State(filled: 3), known: State(filled: 5), age: .older),
        AgeCase(candidate: State(filled: 3, second: nil), known: State(filled: 5), age: .older),
        AgeCase(candidate: State(filled: 3, second: 9), known: State(filled: 5, second: 8), age: .newer),
        AgeCase(candidate: State(price: 101, second: 9), known: State(second: 8), age: .newer),
        AgeCase(candidate: State(price: 101, second: 8), known: State(second: 9), age: .older),
        AgeCase(candidate: State(price: 101, second: 8), known: State(second: 8), age: .undecided),
        AgeCase(
            candidate: State(status: "OPEN", second: 8), known: State(status: "OPEN PENDING", second: nil),
            age: .undecided),
        AgeCase(candidate: State(status: "CANCELLED"), known: State(status: "COMPLETE"), age: .undecided),
    ]) func `a state is newer, older, the same or undecided`(row: AgeCase) throws {
        #expect(try OrderAge(OrderFixture.order(row.candidate), comparedTo: OrderFixture.order(row.known)) == row.age)
    }

    private static func verdicts(
        _ filter: inout OrderUpdateFilter, _ steps: [(State, OrderUpdateFilter.Origin)]
    ) throws -> [OrderUpdateFilter.Verdict] {
        try steps.map { filter.judge(try OrderFixture.order($0.0), from: $0.1) }
    }

    @Test func `every message is told once although it comes over three connections in any order`() throws {
        var filter = OrderUpdateFilter()
        let (first, second) = (State(status: "UPDATE", price: 101), State(status: "UPDATE", price: 102))
        let verdicts = try Self.verdicts(
            &filter,
            [
                (first, .connection(0)), (second, .connection(0)), (first, .connection(1)), (second, .connection(1)),
                (first, .connection(2)), (second, .connection(2)),
            ])
        #expect(verdicts == [.news, .news, .known, .known, .known, .known])
    }

    @Test func `a change back to an earlier price in the same second is told, and the book is asked`() throws {
        var filter = OrderUpdateFilter()
        let (first, second) = (State(status: "UPDATE", price: 101), State(status: "UPDATE", price: 102))
        let verdicts = try Self.verdicts(
            &filter,
            [
                (first, .connection(0)), (first, .connection(1)), (second, .connection(0)), (first, .connection(0)),
                (second, .connection(1)), (first, .connection(1)),
            ])
        #expect(verdicts == [.news, .known, .news, .newsInDoubt, .known, .known])
    }

    @Test func `a message that is older than a row of the book is not told as newer`() throws {
        var filter = OrderUpdateFilter()
        let verdicts = try Self.verdicts(
            &filter,
            [
                (State(filled: 5, second: 9), .book(askedAt: 0)),
                (State(status: "UPDATE", filled: 3, second: 7), .connection(0)),
                (State(status: "UPDATE", filled: 5, second: 9), .connection(0)),
                (State(filled: 5, price: 90, second: 8), .connection(0)),
                (State(filled: 5, price: 90, second: 9), .connection(0)),
                (State(status: "COMPLETE", filled: 1000, second: 9), .connection(0)),
                (State(filled: 5, second: 9), .book(askedAt: 9)),
            ])
        #expect(verdicts == [.news, .superseded, .known, .superseded, .newsInDoubt, .news, .superseded])
    }

    @Test func `a row of the same second counts only when nothing came while the book was read`() throws {
        var filter = OrderUpdateFilter()
        _ = filter.judge(try OrderFixture.order(State(status: "UPDATE", price: 101)), from: .connection(0))
        let row = try OrderFixture.order(State(price: 102))
        #expect(filter.told == 1)
        #expect(filter.judge(row, from: .book(askedAt: 0)) == .unclear)
        #expect(filter.judge(row, from: .book(askedAt: 1)) == .news)
        #expect(filter.judge(row, from: .book(askedAt: 1)) == .known)
    }

    @Test func `a book without a working order is behind, one without a finished order is not`() throws {
        var filter = OrderUpdateFilter()
        _ = filter.judge(try OrderFixture.order(State(id: "1")), from: .connection(0))
        _ = filter.judge(try OrderFixture.order(State(id: "2", status: "REJECTED")), from: .connection(0))
        #expect(filter.missing(from: [], toldBefore: filter.told) == ["1"])
        #expect(filter.missing(from: [], toldBefore: 0) == [])
        #expect(filter.missing(from: ["1"], toldBefore: filter.told) == [])
    }

    @Test func `memory is bounded and finished orders are forgotten first`() throws {
        var filter = OrderUpdateFilter(limit: 100)
        for number in 0..<60 { _ = filter.judge(try OrderFixture.order(State(id: "w\(number)")), from: .connection(0)) }
        for number in 0..<500 {
            let order = try OrderFixture.order(State(id: "f\(number)", status: "COMPLETE", filled: 1000))
            #expect(filter.judge(order, from: .connection(0)) == .news)
            #expect(filter.count <= 100)
        }
        for number in 0..<60 {
            #expect(filter.judge(try OrderFixture.order(State(id: "w\(number)")), from: .connection(0)) == .known)
        }
    }

    @Test func `seeded messages over lossy shuffled connections and a book end in the true states`() throws {
        for seed in UInt64(1)...200 {
            var generator = SeededGenerator(seed)
            var filter = OrderUpdateFilter()
            var truth = (0..<5).map { State(id: "\($0)") }
            var told: [String: State] = [:]
            var pending: [[State]] = [[], [], []]
            func take(_ state: State, _ origin: OrderUpdateFilter.Origin) throws {
                let verdict = filter.judge(try OrderFixture.order(state), from: origin)
                if verdict == .news || verdict == .newsInDoubt { told[state.id] = state }
            }
            for second in 1...120 {
                let index = Int.random(in: 0..<5, using: &generator)
                if truth[index].status == "OPEN" {
                    truth[index].second = second
                    if Bool.random(using: &generator) {
                        truth[index].filled += Int.random(in: 1...50, using: &generator)
                    } else {
                        truth[index].price += 1
                    }
                    if truth[index].filled > 300 { truth[index].status = "CANCELLED" }
                    for connection in 0..<3 where Int.random(in: 0..<4, using: &generator) > 0 {
                        pending[connection].append(truth[index])
                    }
                }
                for connection in 0..<3 where Int.random(in: 0..<3, using: &generator) == 0 {
                    for state in pending[connection].shuffled(using: &generator) {
                        try take(state, .connection(connection))
                    }
                    pending[connection] = []
                }
                if Int.random(in: 0..<20, using: &generator) == 0 {
                    for state in truth { try take(state, .book(askedAt: filter.told)) }
                }
            }
            for state in truth { try take(state, .book(askedAt: filter.told)) }
            for connection in 0..<3 {
                for state in pending[connection] { try take(state, .connection(connection)) }
            }
            #expect(told == Dictionary(uniqueKeysWithValues: truth.map { ($0.id, $0) }), "seed \(seed)")
        }
    }
}
