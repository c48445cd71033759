import Trading

/// A new order as it leaves us.
package struct BrokerOrder: Sendable, Hashable {
    /// The terms.
    package let request: OrderRequest
    /// The tag by which the order is found again.
    package let clientOrderID: String

    /// Puts an order together.
    package init(request: OrderRequest, clientOrderID: String) {
        self.request = request
        self.clientOrderID = clientOrderID
    }
}

/// A change of a working order, with the terms it has now for brokers that want them all.
package struct BrokerOrderChange: Sendable, Hashable {
    /// What changes.
    package let change: OrderChange
    /// The terms as they stand.
    package let current: OrderRequest

    /// Puts a change together.
    package init(change: OrderChange, current: OrderRequest) {
        self.change = change
        self.current = current
    }
}

/// One row of a broker's order book.
package struct BrokerOrderRow: Sendable, Hashable {
    /// Where the order stands.
    package let report: OrderReport
    /// Its terms.
    package let request: OrderRequest
    /// Every tag the broker keeps for it; ours is among them when we sent it.
    package let tags: [String]
    /// When the broker registered it; nil where unknown.
    package let brokerTime: Timestamp?

    /// Puts a row together.
    package init(report: OrderReport, request: OrderRequest, tags: [String], brokerTime: Timestamp?) {
        self.report = report
        self.request = request
        self.tags = tags
        self.brokerTime = brokerTime
    }
}
