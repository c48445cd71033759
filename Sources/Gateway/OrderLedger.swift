import Brokers
import Trading

/// All orders of one account that are known today, ours and those placed elsewhere. A value: no waiting, no I/O.
package struct OrderLedger: Sendable {
    /// What a row of the broker's book did.
    package enum Sighting: Sendable, Hashable {
        /// It belongs to an order we know.
        case known(OrderID, OrderTransition)
        /// It was placed elsewhere and is listed from now on.
        case external(OrderID)
        /// It carries our order's tag but other terms or another number; listed as placed elsewhere, worth an alarm.
        case foreign(OrderID)
    }

    private let account: TradingAccountID
    private var orders: [OrderID: Order] = [:]
    private var sequence: [OrderID] = []
    private var byBrokerID: [String: OrderID] = [:]
    private var byTag: [String: OrderID] = [:]
    private var events: [OrderID: Int64] = [:]
    private var externals: Set<OrderID> = []

    /// Starts empty.
    package init(account: TradingAccountID) {
        self.account = account
    }

    /// Orders in the sequence they became known.
    package var all: [Order] { sequence.compactMap { orders[$0] } }

    /// The order under our number.
    package subscript(id: OrderID) -> Order? { orders[id] }

    /// The order under the broker's number.
    package func order(brokerOrderID: String) -> Order? {
        byBrokerID[brokerOrderID].flatMap { orders[$0] }
    }

    /// Whether an order was placed elsewhere.
    package func isExternal(_ id: OrderID) -> Bool { externals.contains(id) }

    /// Adds an order of ours with what is already known to have happened to it.
    package mutating func insert(_ order: Order, eventCount: Int64 = 0) {
        orders[order.id] = order
        sequence.append(order.id)
        byTag[order.clientOrderID] = order.id
        events[order.id] = eventCount
        if let number = order.brokerOrderID { byBrokerID[number] = order.id }
    }

    /// Applies an event; returns what it did, with the entry to journal where it changed something.
    package mutating func apply(
        _ event: OrderEvent, to id: OrderID, at time: Timestamp
    ) -> (transition: OrderTransition, entry: JournaledEvent?) {
        guard var order = orders[id] else { return (.conflicting, nil) }
        let transition = order.apply(event)
        guard transition == .changed else { return (transition, nil) }
        orders[id] = order
        if let number = order.brokerOrderID { byBrokerID[number] = id }
        let count = (events[id] ?? 0) + 1
        events[id] = count
        return (.changed, JournaledEvent(orderID: id, sequence: count, event: event, time: time))
    }

    /// Finds the order a row of the broker's book is about, by the broker's number, then by tag and terms.
    package mutating func identify(_ row: BrokerOrderRow, newID: () -> OrderID, at time: Timestamp) -> Sighting {
        if let id = byBrokerID[row.report.brokerOrderID] { return .known(id, .unchanged) }
        for tag in row.tags {
            guard let id = byTag[tag], let order = orders[id] else { continue }
            let agrees =
                order.brokerOrderID == nil && order.request.instrument == row.request.instrument
                && order.request.side == row.request.side && order.request.quantity == row.request.quantity
                && order.request.product == row.request.product
            if agrees { return .known(id, .unchanged) }
            adopt(row, as: newID(), at: time)
            return .foreign(id)
        }
        let id = newID()
        adopt(row, as: id, at: time)
        return .external(id)
    }

    /// How many events of an order changed it so far.
    package func eventCount(of id: OrderID) -> Int64 { events[id] ?? 0 }

    /// Drops ended orders of earlier days that the broker's book no longer shows.
    package mutating func forgetEnded(placedBefore start: Timestamp, except shown: Set<String>) {
        let ended = sequence.filter { id in
            guard let order = orders[id], order.status.isTerminal, order.placedTime < start else { return false }
            return order.brokerOrderID.map { !shown.contains($0) } ?? true
        }
        guard !ended.isEmpty else { return }
        let gone = Set(ended)
        sequence.removeAll(where: gone.contains)
        for id in ended {
            guard let order = orders.removeValue(forKey: id) else { continue }
            if byTag[order.clientOrderID] == id { byTag[order.clientOrderID] = nil }
            if let number = order.brokerOrderID { byBrokerID[number] = nil }
            events[id] = nil
            externals.remove(id)
        }
    }

    private mutating func adopt(_ row: BrokerOrderRow, as id: OrderID, at time: Timestamp) {
        var order = Order(
            id: id, account: account, clientOrderID: "", request: row.request, label: row.tags.first,
            placedTime: row.brokerTime ?? time)
        order.apply(.reported(row.report))
        orders[id] = order
        sequence.append(id)
        byBrokerID[row.report.brokerOrderID] = id
        externals.insert(id)
    }
}
