import Brokers
import Trading

/// A reading of something the broker keeps, with its age.
package struct Reading<Value: Sendable>: Sendable {
    /// What was read.
    package let value: Value
    /// When the broker told it.
    package let time: Timestamp
    /// Grows with every reading of a session: equal numbers and times mean equal values.
    package let revision: UInt64

    /// Pairs a value with its time.
    package init(value: Value, time: Timestamp, revision: UInt64 = 0) {
        self.value = value
        self.time = time
        self.revision = revision
    }
}

/// What the broker last told of an account's positions, holdings and funds. A value: no waiting, no I/O.
package struct Portfolio: Sendable {
    /// Positions; nil before the first good read.
    package var positions: Reading<PositionBook>?
    /// Shares; nil before the first good read.
    package var holdings: Reading<[Holding]>?
    /// Funds; nil before the first good read.
    package var margins: Reading<[MarginSegment: Margin]>?

    private var revision: UInt64 = 0

    /// Starts with nothing known.
    package init() {}

    /// A number larger than any before.
    mutating func nextRevision() -> UInt64 {
        revision += 1
        return revision
    }

    /// Puts newer prices on positions and holdings; returns the positions they changed.
    package mutating func mark(_ marks: [PriceMark], at time: Timestamp) -> [Position] {
        let prices = Dictionary(marks.map { ($0.token, $0) }, uniquingKeysWith: { $1 })
        var changed: [Position] = []
        if var book = positions?.value {
            for index in book.net.indices where book.net[index].mark(prices) { changed.append(book.net[index]) }
            for index in book.day.indices { _ = book.day[index].mark(prices) }
            positions = Reading(value: book, time: time, revision: nextRevision())
        }
        if var list = holdings?.value {
            for index in list.indices {
                if let mark = prices[list[index].token] { list[index].lastPrice = mark.lastPrice }
            }
            holdings = Reading(value: list, time: time)
        }
        return changed
    }

    /// Every instrument whose price matters.
    package var tokens: Set<InstrumentToken> {
        Set((positions?.value.net ?? []).map(\.token)).union((holdings?.value ?? []).map(\.token))
    }
}

extension Position {
    /// Takes the price of its instrument; tells whether it was another one.
    fileprivate mutating func mark(_ prices: [InstrumentToken: PriceMark]) -> Bool {
        guard let mark = prices[token], mark.lastPrice != lastPrice else { return false }
        lastPrice = mark.lastPrice
        closePrice = mark.closePrice ?? closePrice
        return true
    }
}
