import Testing
import Trading

@testable import PaperExchange

/// The plainest possible book: a list of orders, searched whole every time.
private struct NaiveBook {
    struct Resting {
        var entry: OrderBook.Entry
        let side: Side
        let price: Int64
        var arrival: Int
    }

    var resting: [Resting] = []
    private var arrivals = 0

    mutating func take(_ side: Side, limit: Int64, quantity: Int64, owner: Int) -> OrderBook.Taking {
        var taking = OrderBook.Taking()
        var missing = quantity
        while missing > 0 {
            let candidates = resting.indices.filter {
                resting[$0].side != side && (resting[$0].price - limit) * side.sign <= 0
            }
            let best = candidates.min {
                let (left, right) = (resting[$0], resting[$1])
                return left.price == right.price
                    ? left.arrival < right.arrival : (left.price - right.price) * side.sign < 0
            }
            guard let best else { break }
            if resting[best].entry.owner == owner {
                taking.metOwnOrder = true
                break
            }
            let traded = min(missing, resting[best].entry.remaining)
            taking.fills.append(
                OrderBook.Fill(maker: resting[best].entry.order, price: resting[best].price, quantity: traded))
            missing -= traded
            resting[best].entry.remaining -= traded
            if resting[best].entry.remaining == 0 { resting.remove(at: best) }
        }
        return taking
    }

    mutating func rest(_ entry: OrderBook.Entry, side: Side, price: Int64) {
        arrivals += 1
        resting.append(Resting(entry: entry, side: side, price: price, arrival: arrivals))
    }
}

struct OrderBookTests {
    @Test(arguments: 1...20)
    func `ten thousand random operations give the fills of a naive book`(seed: UInt64) {
        var dice = Dice(seed: seed &* 7_919)
        var book = OrderBook()
        var naive = NaiveBook()
        for number in 0..<10_000 {
            let side: Side = dice.roll(2) == 0 ? .buy : .sell
            let price = Int64(1_000 + dice.roll(21))
            let quantity = Int64(1 + dice.roll(50))
            let owner = dice.roll(6)
            switch dice.roll(10) {
            case 0..<6:
                let mine = book.take(side, limit: price, quantity: quantity, owner: owner)
                let theirs = naive.take(side, limit: price, quantity: quantity, owner: owner)
                #expect(mine.fills == theirs.fills && mine.metOwnOrder == theirs.metOwnOrder)
                let rest = quantity - mine.fills.reduce(0) { $0 + $1.quantity }
                if rest > 0, !mine.metOwnOrder {
                    let entry = OrderBook.Entry(order: number, owner: owner, remaining: rest)
                    book.rest(entry, side: side, price: price)
                    naive.rest(entry, side: side, price: price)
                }
            case 6..<8:
                guard !naive.resting.isEmpty else { continue }
                let gone = naive.resting.remove(at: dice.roll(naive.resting.count))
                let wasThere = book.remove(order: gone.entry.order, side: gone.side, price: gone.price)
                #expect(wasThere)
            default:
                guard !naive.resting.isEmpty else { continue }
                let place = dice.roll(naive.resting.count)
                let changed = naive.resting[place]
                let smaller = max(1, changed.entry.remaining / 2)
                naive.resting[place].entry.remaining = smaller
                let wasThere = book.reduce(
                    order: changed.entry.order, side: changed.side, price: changed.price, to: smaller)
                #expect(wasThere)
            }
        }
        for side in Side.allCases {
            let mine = book.levels(side).flatMap { level in level.entries.map { [$0.order, Int($0.remaining)] } }
            let sorted = naive.resting.filter { $0.side == side }.sorted {
                $0.price == $1.price ? $0.arrival < $1.arrival : ($0.price - $1.price) * side.sign > 0
            }
            #expect(mine == sorted.map { [$0.entry.order, Int($0.entry.remaining)] })
        }
    }

    @Test func `an order that is not there cannot be taken out or reduced`() {
        var book = OrderBook()
        book.rest(OrderBook.Entry(order: 1, owner: 1, remaining: 5), side: .buy, price: 100)
        let outcomes = [
            book.remove(order: 2, side: .buy, price: 100), book.remove(order: 1, side: .sell, price: 100),
            book.reduce(order: 1, side: .buy, price: 101, to: 1), book.remove(order: 1, side: .buy, price: 100),
        ]
        #expect(outcomes == [false, false, false, true])
        #expect(book.isEmpty)
    }

    @Test func `order numbers have nineteen digits, grow, and carry their time`() {
        var numbers = OrderNumbers()
        let now = Timestamp(indianDate: PaperFloor.date, secondOfDay: 40_000)
        var last: Int64 = 0
        for index in 0..<10_000 {
            // The clock stands, and once goes back.
            let number = numbers.next(at: index == 5_000 ? Timestamp(seconds: now.seconds - 60) : now)
            #expect(number > last)
            last = number
        }
        #expect(String(last).count == 19)
        #expect(abs((last >> 22) + 1_288_834_974_657 - now.microseconds / 1_000) < 1_000)
    }

    @Test func `eaten levels leave from the front and come back within a few steps`() {
        var ladder = Ladder(best: 100, gap: 1)
        for level in 0..<Ladder.depth { ladder.sizes[level] = 10 }
        ladder.eaten = 25
        #expect(ladder.offer?.price == 102)
        #expect(ladder.offer?.quantity == 5)
        ladder.eaten = 50
        #expect(ladder.offer == nil)
        ladder.refill(steps: 1, lot: 5)
        #expect(ladder.eaten == 38)
        ladder.refill(steps: 30, lot: 5)
        #expect(ladder.eaten == 0)
    }
}
