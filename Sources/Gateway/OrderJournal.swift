import Trading

/// What somebody wants done, made durable before anything is sent.
package struct OrderIntent: Sendable, Hashable {
    /// Our number of the order.
    package let orderID: OrderID
    /// The trading account.
    package let account: TradingAccountID
    /// The sender's key: the same key never makes a second order.
    package let idempotencyKey: String
    /// A digest of the terms, to tell a repeated request from another one under the same key.
    package let fingerprint: String
    /// The tag the broker's book will know it by.
    package let clientOrderID: String
    /// The terms.
    package let request: OrderRequest
    /// The sender's label.
    package let label: String?
    /// The user who asked for it.
    package let principal: Int64
    /// When it was asked for.
    package let placedTime: Timestamp

    /// Puts an intent together.
    package init(
        orderID: OrderID, account: TradingAccountID, idempotencyKey: String, fingerprint: String,
        clientOrderID: String, request: OrderRequest, label: String?, principal: Int64, placedTime: Timestamp
    ) {
        self.orderID = orderID
        self.account = account
        self.idempotencyKey = idempotencyKey
        self.fingerprint = fingerprint
        self.clientOrderID = clientOrderID
        self.request = request
        self.label = label
        self.principal = principal
        self.placedTime = placedTime
    }
}

/// Something that happened to an order, as kept.
package struct JournaledEvent: Sendable, Hashable {
    /// The order.
    package let orderID: OrderID
    /// 1 for an order's first event, then one more each.
    package let sequence: Int64
    /// What happened.
    package let event: OrderEvent
    /// When we learned of it.
    package let time: Timestamp

    /// Puts an entry together.
    package init(orderID: OrderID, sequence: Int64, event: OrderEvent, time: Timestamp) {
        self.orderID = orderID
        self.sequence = sequence
        self.event = event
        self.time = time
    }
}

/// An intent with all that happened to it, oldest first.
package struct JournaledOrder: Sendable, Hashable {
    package let intent: OrderIntent
    package let events: [JournaledEvent]

    /// Puts them together.
    package init(intent: OrderIntent, events: [JournaledEvent]) {
        self.intent = intent
        self.events = events
    }

    /// The order that the events make.
    package var order: Order {
        var order = Order(
            id: intent.orderID, account: intent.account, clientOrderID: intent.clientOrderID,
            request: intent.request, label: intent.label, placedTime: intent.placedTime)
        for entry in events { order.apply(entry.event) }
        return order
    }
}

/// Why the journal did not keep something.
package enum JournalError: Error, Sendable {
    /// The account already has an intent under this key.
    case duplicateKey(existing: JournaledOrder)
    /// Nothing was kept; nothing may be sent.
    case unavailable(reason: String)
}

/// Keeps intents and events; a call returns only once its entries survive a power cut.
package protocol OrderJournal: Sendable {
    /// Keeps an intent before anything is sent.
    func record(_ intent: OrderIntent) async throws(JournalError)
    /// Keeps what happened.
    func append(_ events: [JournaledEvent]) async throws(JournalError)
    /// An account's orders placed at or after an instant, oldest first.
    func orders(of account: TradingAccountID, since: Timestamp) async throws(JournalError) -> [JournaledOrder]
    /// The order under a key; nil where there is none.
    func order(account: TradingAccountID, idempotencyKey: String) async throws(JournalError) -> JournaledOrder?
    /// The largest order number in use; nil where there is none.
    func lastOrderID() async throws(JournalError) -> OrderID?
}
