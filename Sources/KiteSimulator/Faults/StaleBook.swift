import PaperExchange
import Trading

extension SimulatedKite {
    /// The book of a user as a call gets to see it.
    func book(_ call: KiteCall, of user: SimulatorConfiguration.User) -> StaleBook {
        StaleBook(venue: venue, account: user.userID, view: call.view, now: call.time)
    }
}

/// Reads an account's book as a view shows it.
struct StaleBook {
    let venue: Venue
    let account: String
    let view: BookView
    let now: Timestamp

    /// The orders in the state that they were in.
    func orders() async -> [VenueOrder] {
        let orders = await venue.orders(of: account)
        guard !view.isTrue else { return orders }
        var shown: [VenueOrder] = []
        for order in orders where isShown(placedAt: order.placedTime) {
            guard let past, order.time > past else {
                shown.append(order)
                continue
            }
            if let state = await history(of: order.id)?.last { shown.append(state) }
        }
        return shown
    }

    /// The states that an order had gone through; nil where it is not to be seen.
    func history(of orderID: String) async -> [VenueOrder]? {
        guard let states = await venue.history(of: orderID, account: account), let first = states.first,
            isShown(placedAt: first.placedTime)
        else { return nil }
        guard let past else { return states }
        return states.filter { $0.time <= past }
    }

    /// The executions that there had been.
    func trades() async -> [VenueTrade] { seen(await venue.trades(of: account)) }

    /// The executions of an order that there had been; nil where the order is not to be seen.
    func trades(ofOrder orderID: String) async -> [VenueTrade]? {
        guard view.isTrue else {
            guard await history(of: orderID) != nil else { return nil }
            return await venue.trades(ofOrder: orderID, account: account).map(seen)
        }
        return await venue.trades(ofOrder: orderID, account: account)
    }

    /// What was held: today's positions without the executions that came later.
    func positions() async -> (net: [Position], day: [Position]) {
        var (net, day) = await venue.positions(of: account)
        guard let past else { return (net, day) }
        for later in await venue.trades(of: account) where later.trade.exchangeTime > past {
            Self.undo(later.trade, in: &net)
            Self.undo(later.trade, in: &day)
        }
        return (net, day)
    }

    private var past: Timestamp? { view.age.map { now.advanced(by: .zero - $0) } }

    private func isShown(placedAt placed: Timestamp) -> Bool {
        if let past, placed > past { return false }
        if let hidden = view.hidden, now.since(placed) < hidden { return false }
        return true
    }

    private func seen(_ trades: [VenueTrade]) -> [VenueTrade] {
        guard let past else { return trades }
        return trades.filter { $0.trade.exchangeTime <= past }
    }

    private static func undo(_ trade: Trade, in positions: inout [Position]) {
        guard
            let place = positions.firstIndex(where: {
                $0.instrument == trade.instrument && $0.product == trade.product
            })
        else { return }
        let value = trade.price * trade.quantity * positions[place].multiplier
        switch trade.side {
        case .buy:
            positions[place].dayBuyQuantity -= trade.quantity
            positions[place].dayBuyValue -= value
        case .sell:
            positions[place].daySellQuantity -= trade.quantity
            positions[place].daySellValue -= value
        }
        let left = positions[place]
        if left.buyQuantity == 0, left.sellQuantity == 0 { positions.remove(at: place) }
    }
}
