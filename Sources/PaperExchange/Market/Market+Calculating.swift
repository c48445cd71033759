import Trading

/// What an order or a basket of orders ties up, by what it is for.
///
/// The margins are this exchange's own flat percentages, the same that its orders tie up; there is no scan of risk
/// scenarios, so that only orders that close or oppose each other need less together.
package struct MarginNeed: Sendable, Hashable {
    /// Against moves of the price.
    package var span: Money = .zero
    /// On top of that.
    package var exposure: Money = .zero
    /// Premium of bought options.
    package var premium: Money = .zero
    /// Against the value of shares.
    package var valueAtRisk: Money = .zero

    /// Nothing tied up.
    package init() {}

    /// The sum of the parts.
    package var total: Money { span + exposure + premium + valueAtRisk }

    init(_ requirement: Requirement, isShare: Bool) {
        span = isShare ? .zero : requirement.span
        exposure = requirement.exposure
        premium = requirement.premium
        valueAtRisk = requirement.delivery + (isShare ? requirement.span : .zero)
    }

    /// The parts added up.
    package static func + (left: MarginNeed, right: MarginNeed) -> MarginNeed {
        var sum = left
        sum.span += right.span
        sum.exposure += right.exposure
        sum.premium += right.premium
        sum.valueAtRisk += right.valueAtRisk
        return sum
    }
}

/// What one order needs.
package struct OrderMargin: Sendable, Hashable {
    /// What it ties up.
    package let need: MarginNeed
    /// The price it was reckoned at: its limit, its trigger, or the last price.
    package let price: Price
    /// How many times its margin the order is worth, as far as the product lends.
    package let leverage: Int64
}

/// What several orders need, one by one and together.
package struct BasketMargin: Sendable, Hashable {
    /// Each order on its own.
    package let orders: [OrderMargin]
    /// The sum of what each needs.
    package let initial: MarginNeed
    /// What all of them need together.
    package let final: MarginNeed
}

/// Why margins are not worked out; `order` is the place in the basket, from 0.
package enum MarginRefusal: Error, Sendable, Hashable {
    case unknownAccount(String)
    case unknownInstrument(order: Int)
    case tooLarge(order: Int)
}

extension Market {
    /// Ten-thousandths that a basket may be worth, so that no percentage of it overflows.
    private static let mostWorth: Int64 = 400_000_000_000_000

    /// What orders would tie up in an account; without its positions and working orders where they are not to count.
    mutating func margins(
        of orders: [OrderRequest], for id: String, consideringPositions: Bool, at now: Timestamp
    ) throws(MarginRefusal) -> BasketMargin {
        guard let account = account(id) else { throw .unknownAccount(id) }
        var basket = Basket()
        for (place, order) in orders.enumerated() {
            guard let row = listing.row(of: order.instrument), listing.rows[row].kind != .index else {
                throw .unknownInstrument(order: place)
            }
            let slot = slot(ofRow: row, at: now)
            let price = order.price ?? order.triggerPrice ?? Price(tenThousandths: states[slot].last)
            let reference = reference(slot)
            guard basket.admits(order.quantity, at: max(price, reference), upTo: Self.mostWorth) else {
                throw .tooLarge(order: place)
            }
            var start: Basket.Line?
            if consideringPositions, let found = accounts[account].place(slot: slot, product: order.product) {
                let entry = accounts[account].entries[found]
                start = Basket.Line(position: entry.position, pending: entry.pending)
            }
            basket.add(order, at: price, slot: slot, start: start, terms: states[slot].terms, reference: reference)
        }
        return basket.margin
    }
}

/// Orders that are added up.
private struct Basket {
    struct Line {
        var position: Position
        var pending: PendingOrders
    }

    private struct Key: Hashable {
        let slot: Int
        let product: Product
    }

    private var orders: [OrderMargin] = []
    private var lines: [Key: Line] = [:]
    private var final = MarginNeed()
    private var worth: Int64 = 0

    /// Counts an order's worth; false where the basket becomes too large.
    mutating func admits(_ quantity: Quantity, at price: Price, upTo limit: Int64) -> Bool {
        let (added, overflow) = price.tenThousandths.multipliedReportingOverflow(by: quantity.units)
        guard !overflow, added >= 0, added <= limit - worth else { return false }
        worth += added
        return true
    }

    mutating func add(
        _ order: OrderRequest, at price: Price, slot: Int, start: Line?, terms: InstrumentState.Terms,
        reference: Price
    ) {
        let isShare = terms.kind == .equity
        let empty = Line(
            position: Position(instrument: order.instrument, token: terms.token, product: order.product),
            pending: PendingOrders())
        func more(on line: Line) -> (need: MarginNeed, line: Line) {
            func required(_ line: Line) -> Requirement {
                MarginRates.requirement(line.position, pending: line.pending, terms: terms, reference: reference)
            }
            var grown = line
            grown.pending.add(order.side, quantity: order.quantity, price: price)
            return (MarginNeed(required(grown) - required(line), isShare: isShare), grown)
        }
        let alone = more(on: start ?? empty)
        let leverage: Int64 = isShare && [.intraday, .cover].contains(order.product) ? 5 : 1
        orders.append(OrderMargin(need: alone.need, price: price, leverage: leverage))
        let key = Key(slot: slot, product: order.product)
        let together = more(on: lines[key] ?? start ?? empty)
        final = final + together.need
        lines[key] = together.line
    }

    var margin: BasketMargin {
        BasketMargin(orders: orders, initial: orders.reduce(MarginNeed()) { $0 + $1.need }, final: final)
    }
}
