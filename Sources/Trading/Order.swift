/// Our number for an order, unique for ever.
package struct OrderID: Sendable, Hashable, CustomStringConvertible {
    /// The number.
    package let rawValue: Int64

    /// Takes the number.
    package init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// The number as text.
    package var description: String { String(rawValue) }
}

/// Our number for a trading account.
package struct TradingAccountID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number.
    package let rawValue: Int64

    /// Takes the number.
    package init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// The number as text.
    package var description: String { String(rawValue) }

    /// Orders by number.
    package static func < (left: TradingAccountID, right: TradingAccountID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// An order and all that is known of it.
package struct Order: Sendable, Hashable {
    /// Our number.
    package let id: OrderID
    /// The trading account it belongs to.
    package let account: TradingAccountID
    /// The tag by which the broker's book knows it. Source: FIX tag 11.
    package let clientOrderID: String
    /// The terms as first asked for.
    package let request: OrderRequest
    /// The label its sender gave it.
    package let label: String?
    /// When its intent became durable.
    package let placedTime: Timestamp

    /// Where it stands.
    package private(set) var status: OrderStatus = .pending
    /// The broker's number. Source: FIX tag 37.
    package private(set) var brokerOrderID: String?
    /// The exchange's number. Source: FIX tag 198.
    package private(set) var exchangeOrderID: String?
    /// Total units, as last modified.
    package private(set) var quantity: Quantity
    /// Units traded. Source: FIX tag 14.
    package private(set) var filledQuantity: Quantity = 0
    /// Units taken out of the book.
    package private(set) var cancelledQuantity: Quantity = 0
    /// The average price of the units traded; nil before the first.
    package private(set) var averagePrice: Price?
    /// The limit price, as last modified.
    package private(set) var price: Price?
    /// The trigger price, as last modified.
    package private(set) var triggerPrice: Price?
    /// The last reason or remark.
    package private(set) var message: String?
    /// When the exchange registered the last state.
    package private(set) var exchangeTime: Timestamp?

    /// A new order whose intent is durable.
    package init(
        id: OrderID, account: TradingAccountID, clientOrderID: String, request: OrderRequest, label: String?,
        placedTime: Timestamp
    ) {
        self.id = id
        self.account = account
        self.clientOrderID = clientOrderID
        self.request = request
        self.label = label
        self.placedTime = placedTime
        quantity = request.quantity
        price = request.price
        triggerPrice = request.triggerPrice
    }

    /// Units neither traded nor taken out of the book; none once nothing more can happen.
    ///
    /// Source: FIX tag 151.
    package var remainingQuantity: Quantity {
        status.isTerminal ? 0 : quantity - filledQuantity
    }
}

extension Order {
    /// Applies what happened. Every channel goes through here: duplicates and late news change nothing, terminal
    /// states stay, and filled units never fall.
    @discardableResult
    package mutating func apply(_ event: OrderEvent) -> OrderTransition {
        switch event {
        case .denied(let reason): end(as: .denied, from: [.pending], reason)
        case .notSent(let reason): end(as: .notSent, from: [.pending, .unknown], reason)
        case .rejected(let reason): end(as: .rejected, from: [.pending, .unknown, .acknowledged], reason)
        case .outcomeUnknown(let reason): doubt(reason)
        case .acknowledged(let brokerOrderID): acknowledge(brokerOrderID)
        case .reported(let report): take(report)
        }
    }

    private mutating func end(
        as final: OrderStatus, from allowed: Set<OrderStatus>, _ reason: String
    ) -> OrderTransition {
        if status == final { return .unchanged }
        guard allowed.contains(status) else { return .conflicting }
        status = final
        message = reason
        return .changed
    }

    private mutating func doubt(_ reason: String) -> OrderTransition {
        guard status == .pending else { return .unchanged }
        status = .unknown
        message = reason
        return .changed
    }

    private mutating func acknowledge(_ number: String) -> OrderTransition {
        if let known = brokerOrderID { return known == number ? .unchanged : .conflicting }
        guard status != .denied, status != .rejected else { return .conflicting }
        brokerOrderID = number
        guard status == .pending || status == .unknown || status == .notSent else { return .changed }
        status = .acknowledged
        message = nil
        return .changed
    }

    private mutating func take(_ report: OrderReport) -> OrderTransition {
        guard report.status.isVenueState, status != .denied else { return .conflicting }
        if let known = brokerOrderID, known != report.brokerOrderID { return .conflicting }
        // The broker's book outranks our own conclusion that an order never got there.
        let adopted = status == .notSent
        if status.isTerminal, !adopted { return settle(report) }
        if !adopted, isOlder(report) { return raise(report) }
        let before = self
        let isLater = report.status.rank >= status.rank || report.filledQuantity == filledQuantity
        brokerOrderID = report.brokerOrderID
        exchangeOrderID = report.exchangeOrderID ?? exchangeOrderID
        status = adopted || isLater ? report.status : status
        quantity = report.quantity
        filledQuantity = report.filledQuantity
        cancelledQuantity = report.cancelledQuantity
        averagePrice = report.averagePrice ?? averagePrice
        price = report.price ?? price
        triggerPrice = report.triggerPrice ?? triggerPrice
        message = report.message
        exchangeTime = report.exchangeTime ?? exchangeTime
        return before == self ? .unchanged : .changed
    }

    /// Whether a report is older news than what is known: fills tell first, then the exchange's clock where both
    /// states are the exchange's, then the stage of an order's life.
    private func isOlder(_ report: OrderReport) -> Bool {
        if report.filledQuantity != filledQuantity { return report.filledQuantity < filledQuantity }
        if status.isAtExchange, report.status.isAtExchange, let told = report.exchangeTime, let known = exchangeTime,
            told != known
        {
            return told < known
        }
        return report.status.rank < status.rank
    }

    /// Older news may still tell that the exchange has the order, as when a fill's message overtakes it.
    private mutating func raise(_ report: OrderReport) -> OrderTransition {
        guard report.status.isAtExchange, report.status.rank > status.rank else { return .unchanged }
        status = report.status
        return .changed
    }

    /// A terminal order only accepts its number at the broker, and more fills under the same end, as when a cancel's
    /// report overtakes a fill's.
    private mutating func settle(_ report: OrderReport) -> OrderTransition {
        // Late news of an order that has a number; without one, the broker has what it said it refused.
        guard report.status.isTerminal else { return brokerOrderID == nil ? .conflicting : .unchanged }
        if report.status != status { return .conflicting }
        let before = self
        brokerOrderID = report.brokerOrderID
        if report.filledQuantity > filledQuantity {
            filledQuantity = report.filledQuantity
            cancelledQuantity = report.cancelledQuantity
            averagePrice = report.averagePrice ?? averagePrice
        }
        return before == self ? .unchanged : .changed
    }
}
