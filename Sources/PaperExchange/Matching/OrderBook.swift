import Trading

/// The resting orders of one instrument, by price and then by time. Prices count ten-thousandths of a rupee.
///
/// The book knows orders by number and owners by number and nothing else of them.
struct OrderBook: Sendable {
    /// One resting order.
    struct Entry: Sendable, Hashable {
        let order: Int
        let owner: Int
        var remaining: Int64
    }

    /// Orders at one price, oldest first.
    struct Level: Sendable {
        let price: Int64
        var entries: [Entry]

        var quantity: Int64 { entries.reduce(0) { $0 + $1.remaining } }
    }

    /// What an incoming order took from a resting one.
    struct Fill: Sendable, Hashable {
        let maker: Int
        let price: Int64
        let quantity: Int64
    }

    /// The outcome of an incoming order.
    struct Taking: Sendable {
        var fills: [Fill] = []
        /// Whether it came to an order of its own owner, beyond which it must not go.
        var metOwnOrder = false
    }

    /// Best price last, so that the best level leaves cheaply.
    private var bids: [Level] = []
    private var asks: [Level] = []

    var isEmpty: Bool { bids.isEmpty && asks.isEmpty }

    /// The levels of a side, best first.
    func levels(_ side: Side) -> ReversedCollection<[Level]> {
        side == .buy ? bids.reversed() : asks.reversed()
    }

    /// The best price of a side; nil where it is empty.
    func bestPrice(_ side: Side) -> Int64? {
        side == .buy ? bids.last?.price : asks.last?.price
    }

    /// Lets an order on `side` take from the other side: best price first, oldest order first, up to its limit.
    mutating func take(_ side: Side, limit: Int64, quantity: Int64, owner: Int) -> Taking {
        side == .buy
            ? Self.take(from: &asks, quantity: quantity, owner: owner) { $0 <= limit }
            : Self.take(from: &bids, quantity: quantity, owner: owner) { $0 >= limit }
    }

    /// Puts an order at the end of the queue at its price.
    mutating func rest(_ entry: Entry, side: Side, price: Int64) {
        if side == .buy {
            Self.insert(entry, price: price, into: &bids) { $0 < price }
        } else {
            Self.insert(entry, price: price, into: &asks) { $0 > price }
        }
    }

    /// Takes an order out; false where it is not at that price.
    @discardableResult
    mutating func remove(order: Int, side: Side, price: Int64) -> Bool {
        side == .buy
            ? Self.remove(order, price: price, from: &bids) { $0 < price }
            : Self.remove(order, price: price, from: &asks) { $0 > price }
    }

    /// Makes an order smaller without moving it; false where it is not at that price.
    @discardableResult
    mutating func reduce(order: Int, side: Side, price: Int64, to remaining: Int64) -> Bool {
        side == .buy
            ? Self.reduce(order, price: price, to: remaining, in: &bids) { $0 < price }
            : Self.reduce(order, price: price, to: remaining, in: &asks) { $0 > price }
    }
}

extension OrderBook {
    private static func take(
        from levels: inout [Level], quantity: Int64, owner: Int, isWithinLimit: (Int64) -> Bool
    ) -> Taking {
        var taking = Taking()
        var missing = quantity
        while missing > 0, let last = levels.indices.last, isWithinLimit(levels[last].price) {
            var done = 0
            while missing > 0, done < levels[last].entries.count {
                let entry = levels[last].entries[done]
                if entry.owner == owner {
                    taking.metOwnOrder = true
                    break
                }
                let traded = min(missing, entry.remaining)
                taking.fills.append(Fill(maker: entry.order, price: levels[last].price, quantity: traded))
                missing -= traded
                if traded == entry.remaining {
                    done += 1
                } else {
                    levels[last].entries[done].remaining -= traded
                }
            }
            levels[last].entries.removeFirst(done)
            if levels[last].entries.isEmpty { levels.removeLast() }
            if taking.metOwnOrder { break }
        }
        return taking
    }

    /// Where a price stands or would stand: the first level that is not worse than it.
    private static func place(in levels: [Level], isWorse: (Int64) -> Bool) -> Int {
        var low = 0
        var high = levels.count
        while low < high {
            let middle = (low + high) / 2
            if isWorse(levels[middle].price) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func insert(
        _ entry: Entry, price: Int64, into levels: inout [Level], isWorse: (Int64) -> Bool
    ) {
        let place = place(in: levels, isWorse: isWorse)
        if place < levels.count, levels[place].price == price {
            levels[place].entries.append(entry)
        } else {
            levels.insert(Level(price: price, entries: [entry]), at: place)
        }
    }

    private static func find(
        _ order: Int, price: Int64, in levels: [Level], isWorse: (Int64) -> Bool
    ) -> (level: Int, entry: Int)? {
        let place = place(in: levels, isWorse: isWorse)
        guard place < levels.count, levels[place].price == price,
            let entry = levels[place].entries.firstIndex(where: { $0.order == order })
        else { return nil }
        return (place, entry)
    }

    private static func remove(
        _ order: Int, price: Int64, from levels: inout [Level], isWorse: (Int64) -> Bool
    ) -> Bool {
        guard let (place, entry) = find(order, price: price, in: levels, isWorse: isWorse) else { return false }
        levels[place].entries.remove(at: entry)
        if levels[place].entries.isEmpty { levels.remove(at: place) }
        return true
    }

    private static func reduce(
        _ order: Int, price: Int64, to remaining: Int64, in levels: inout [Level], isWorse: (Int64) -> Bool
    ) -> Bool {
        guard let (place, entry) = find(order, price: price, in: levels, isWorse: isWorse) else { return false }
        levels[place].entries[entry].remaining = remaining
        return true
    }
}
