/// Lets through what is news about the orders of a user: no copies, nothing that is already overtaken.
///
/// Memory is bounded: the state last told of `limit` orders (several days' worth at 5000 a day), finished ones going
/// first, and the last messages of each. An order that was forgotten is told again, which is never wrong.
struct OrderUpdateFilter: Sendable {
    /// Where a state of an order comes from.
    enum Origin: Sendable, Hashable {
        /// A message of a connection.
        case connection(Int)
        /// A row of the book that was asked for when so much had been told.
        case book(askedAt: UInt64)
    }

    enum Verdict: Sendable, Hashable {
        /// To be told.
        case news
        /// To be told, but it may be the older state of two: the book will say.
        case newsInDoubt
        /// Was told before, by this or another connection.
        case known
        /// Something later was told before.
        case superseded
        /// A row of the book that may be older than what came while it was read: to be read again.
        case unclear
    }

    fileprivate struct Sighting {
        let content: Int
        var counts: [Int: Int] = [:]
        var highest = 0
    }

    fileprivate struct Entry {
        var order: KiteOrder
        var isFromBook: Bool
        var toldAt: UInt64
        var sightings: [Sighting] = []
    }

    fileprivate static let sightingsOfOrder = 8

    private let limit: Int
    private var entries: [String: Entry] = [:]
    /// How many states have been told.
    private(set) var told: UInt64 = 0

    init(limit: Int = 20_000) {
        self.limit = limit
    }

    /// Number of orders remembered.
    var count: Int { entries.count }

    /// Judges a state of an order and remembers it when it is to be told.
    mutating func judge(_ order: KiteOrder, from origin: Origin) -> Verdict {
        guard var entry = entries[order.orderID] else {
            told += 1
            var entry = Entry(order: order, isFromBook: origin.isBook, toldAt: told)
            _ = entry.note(order, origin)
            entries[order.orderID] = entry
            makeRoom()
            return .news
        }
        let sighting = entry.note(order, origin)
        let verdict = Self.verdict(order, entry, sighting, origin)
        switch verdict {
        case .news, .newsInDoubt:
            told += 1
            entry.order = order
            entry.isFromBook = origin.isBook
            entry.toldAt = told
        case .known:
            // The same state at a later time: what is older than that time is overtaken.
            if let time = order.exchangeUpdateTimestamp, time > entry.order.exchangeUpdateTimestamp ?? time,
                OrderAge(order, comparedTo: entry.order) == .same, order.status != .update
            {
                entry.order = order
            }
        case .superseded, .unclear: break
        }
        entries[order.orderID] = entry
        return verdict
    }

    /// The working orders told before a moment that are not among these: a book without them is behind.
    func missing(from orderIDs: Set<String>, toldBefore askedAt: UInt64) -> [String] {
        entries.filter { !$0.value.order.status.isFinal && $0.value.toldAt <= askedAt && !orderIDs.contains($0.key) }
            .map(\.key)
    }

    /// Forgets orders, as the book does at the day's end.
    mutating func forget(_ orderIDs: [String]) {
        for orderID in orderIDs { entries[orderID] = nil }
    }

    private static func verdict(
        _ order: KiteOrder, _ entry: Entry, _ sighting: SightingKind, _ origin: Origin
    ) -> Verdict {
        switch (OrderAge(order, comparedTo: entry.order), origin) {
        case (.same, _): return .known
        case (.newer, _): return .news
        case (.older, _): return .superseded
        case (.undecided, .book(let askedAt)): return entry.toldAt > askedAt ? .unclear : .news
        case (.undecided, .connection):
            switch sighting {
            case .copy: return .known
            case .repeated: return .newsInDoubt
            case .first: return entry.isFromBook ? .newsInDoubt : .news
            }
        }
    }

    private mutating func makeRoom() {
        guard entries.count > limit else { return }
        let order = entries.sorted {
            let (left, right) = ($0.value, $1.value)
            if left.order.status.isFinal != right.order.status.isFinal { return left.order.status.isFinal }
            return left.toldAt < right.toldAt
        }
        forget(order.prefix(max(limit / 10, 1)).map(\.key))
    }

    fileprivate enum SightingKind {
        /// Never seen before.
        case first
        /// What another connection has brought already.
        case copy
        /// Came again where it had come before.
        case repeated
    }
}

extension OrderUpdateFilter.Origin {
    fileprivate var isBook: Bool {
        if case .book = self { return true }
        return false
    }
}

extension OrderUpdateFilter.Entry {
    /// Counts a message of a connection: its n-th coming is a copy when another connection has brought it n times.
    fileprivate mutating func note(
        _ order: KiteOrder, _ origin: OrderUpdateFilter.Origin
    ) -> OrderUpdateFilter.SightingKind {
        guard case .connection(let connection) = origin else { return .first }
        let content = order.contentHash
        guard let index = sightings.firstIndex(where: { $0.content == content }) else {
            if sightings.count == OrderUpdateFilter.sightingsOfOrder { sightings.removeFirst() }
            sightings.append(.init(content: content, counts: [connection: 1], highest: 1))
            return .first
        }
        let count = sightings[index].counts[connection, default: 0] + 1
        sightings[index].counts[connection] = count
        if count <= sightings[index].highest { return .copy }
        sightings[index].highest = count
        return .repeated
    }
}
