import Crypto
import Trading

/// A new order as a caller hands it to the gateway.
package struct OrderSubmission: Sendable, Hashable {
    /// The terms.
    package let request: OrderRequest
    /// The sender's label; kept by us, never sent.
    package let label: String?
    /// The sender's key; the same key never makes a second order.
    package let idempotencyKey: String
    /// The user who asks.
    package let principal: Int64

    /// Puts a submission together.
    package init(request: OrderRequest, label: String?, idempotencyKey: String, principal: Int64) {
        self.request = request
        self.label = label
        self.idempotencyKey = idempotencyKey
        self.principal = principal
    }

    /// A digest of everything that makes two requests the same.
    package var fingerprint: String {
        let terms: [String] = [
            request.instrument.description, request.side.rawValue, request.type.rawValue, "\(request.timeInForce)",
            request.product.rawValue, request.quantity.description, request.price?.description ?? "-",
            request.triggerPrice?.description ?? "-", request.disclosedQuantity?.description ?? "-",
            request.marketProtection.map { "\($0)" } ?? "-", label ?? "",
        ]
        let digest = SHA256.hash(data: Array(terms.joined(separator: "\u{1F}").utf8))
        return String(Base32.encode(digest).prefix(32))
    }
}

/// What became of a submission.
package struct OrderReceipt: Sendable, Hashable {
    /// The order as it stands.
    package let order: Order
    /// Whether the key had been used before and this is the earlier order.
    package let isReplay: Bool
    /// Time from submission to the request's departure to the broker; nil where it never left.
    package let timeToDeparture: Duration?

    /// Puts a receipt together.
    package init(order: Order, isReplay: Bool, timeToDeparture: Duration?) {
        self.order = order
        self.isReplay = isReplay
        self.timeToDeparture = timeToDeparture
    }
}

/// Why the gateway did nothing for a request.
package enum GatewayError: Error, Sendable, Hashable {
    /// The order breaks a rule; nothing was kept or sent.
    case denied(OrderDenial)
    /// An order under the same key is on its way.
    case keyInProgress
    /// The key was used for other terms.
    case keyReused
    /// Intents cannot be made durable; nothing may be sent.
    case journalUnavailable
    /// The session with the broker is not ready.
    case notReady(reason: String)
    /// The broker takes no login of this account at present; nothing was sent.
    case signedOut(reason: String)
    /// No such order in this account.
    case unknownOrder
    /// Its state does not allow the change.
    case notOpen(OrderStatus)
    /// The broker's limits leave no room in time.
    case tooManyOrders
    /// The broker refused.
    case refused(BrokerRefusal)
    /// The broker may or may not have done it.
    case outcomeUnknown(String)
}

/// A broker's refusal of a change, a cancel or a read.
package struct BrokerRefusal: Error, Sendable, Hashable {
    /// A stable word for programs.
    package let code: String
    /// The broker's sentence.
    package let message: String

    /// Puts a refusal together.
    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}
