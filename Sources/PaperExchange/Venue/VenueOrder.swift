import Trading

/// An order as it arrives at the venue: the terms, and what the sender says about it.
package struct VenueOrderRequest: Sendable, Hashable {
    /// The terms.
    package var terms: OrderRequest
    /// How the order is handled.
    package var variety: Variety
    /// The sender's label, at most 20 characters.
    package var tag: String?
    /// Further labels that the front door sets, for example when it slices an order.
    package var tags: [String]
    /// The user who placed it; nil means the account's own.
    package var placedBy: String?
    /// The order it is a part of.
    package var parentID: String?

    /// Puts a request together.
    package init(
        _ terms: OrderRequest, variety: Variety = .regular, tag: String? = nil, tags: [String] = [],
        placedBy: String? = nil, parentID: String? = nil
    ) {
        self.terms = terms
        self.variety = variety
        self.tag = tag
        self.tags = tags
        self.placedBy = placedBy
        self.parentID = parentID
    }

    /// The product under which fills are booked: a cover order's own, whatever it was asked for under.
    var bookedProduct: Product { variety == .cover ? .cover : terms.product }
}

/// Where an order stands at the venue, interim steps included. Source: Kite Connect, order statuses.
package enum VenueOrderStatus: Sendable, Hashable, CaseIterable {
    case putReceived
    /// Waits for the session to open.
    case afterMarketReceived
    case validationPending
    case openPending
    case open
    case triggerPending
    case modifyValidationPending
    case modifyPending
    case modified
    case cancelPending
    case complete
    case cancelled
    case rejected

    /// Whether nothing more can happen to it.
    package var isTerminal: Bool { self == .complete || self == .cancelled || self == .rejected }
}

/// One state of an order at the venue: all that a broker's order row tells.
package struct VenueOrder: Sendable, Hashable {
    /// The venue's number, 19 digits.
    package var id: String
    /// The exchange's number; nil until the order has passed the checks.
    package var exchangeOrderID: String?
    /// The order it is a part of.
    package var parentID: String?
    /// The account it belongs to.
    package var account: String
    /// The user who placed it.
    package var placedBy: String
    /// How it is handled.
    package var variety: Variety
    /// Which leg of an iceberg order it is; nil for other orders.
    package var icebergLeg: IcebergLeg?
    /// The sender's label.
    package var tag: String?
    /// Further labels.
    package var tags: [String]

    /// What is traded.
    package var instrument: InstrumentID
    /// The number of what is traded.
    package var token: InstrumentToken
    /// Buy or sell.
    package var side: Side
    /// How the position is held.
    package var product: Product
    /// The type as asked for.
    package var requestedType: OrderType
    /// The type it has now: a protected market order works as a limit order.
    package var type: OrderType
    /// How long it stays in the book.
    package var timeInForce: TimeInForce

    /// Units asked for, as last modified.
    package var quantity: Quantity
    /// Units traded.
    package var filledQuantity: Quantity
    /// Units taken out of the book.
    package var cancelledQuantity: Quantity
    /// Units to show; zero shows all. Kept for the record: the depth shows the whole quantity.
    package var disclosedQuantity: Quantity
    /// The limit price; for a protected market order the price that the protection came to.
    package var price: Price?
    /// The trigger price.
    package var triggerPrice: Price?
    /// The average price of the units traded; nil before the first.
    package var averagePrice: Price?
    /// The protection that was applied, in basis points of the last price; nil where none was.
    package var protectionBasisPoints: Int64?

    /// Where it stands.
    package var status: VenueOrderStatus
    /// Why it was rejected or cancelled; nil otherwise.
    package var statusMessage: String?
    /// Whether it was ever modified.
    package var isModified: Bool
    /// When this state was registered.
    package var time: Timestamp
    /// When the order was placed.
    package var placedTime: Timestamp
    /// When the exchange registered the order; nil until it has the order.
    package var registeredTime: Timestamp?
    /// When the exchange registered this state; nil until it has the order.
    package var exchangeTime: Timestamp?

    /// Units neither traded nor taken out of the book; none once nothing more can happen.
    package var pendingQuantity: Quantity { status.isTerminal ? 0 : quantity - filledQuantity }
}

/// News of an order. Mere placement is not news.
package struct VenueOrderUpdate: Sendable, Hashable {
    /// What happened.
    package enum Event: Sendable, Hashable {
        case partiallyFilled
        case filled
        case cancelled
        case rejected
        case modified
        case triggered
    }

    /// The account it belongs to.
    package let account: String
    /// What happened.
    package let event: Event
    /// The order right after it happened.
    package let order: VenueOrder
}

/// One execution of an order.
package struct VenueTrade: Sendable, Hashable {
    /// The execution itself.
    package let trade: Trade
    /// The number of what was traded.
    package let token: InstrumentToken
    /// When the order was placed.
    package let orderTime: Timestamp
}
