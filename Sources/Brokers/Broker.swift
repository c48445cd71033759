import Trading

/// One trading account's door to its broker. Every method but the streams is one call over the wire.
package protocol Broker: Sendable {
    /// What this broker can do.
    var capabilities: BrokerCapabilities { get }

    /// Sends a new order once; never tries again by itself. Returns the broker's number.
    func place(_ order: BrokerOrder) async throws(BrokerError) -> String

    /// Changes a working order.
    func modify(_ brokerOrderID: String, _ change: BrokerOrderChange) async throws(BrokerError)

    /// Takes an order out of the book.
    func cancel(_ brokerOrderID: String) async throws(BrokerError)

    /// The day's order book.
    func orders() async throws(BrokerError) -> [BrokerOrderRow]

    /// The day's executions.
    func trades() async throws(BrokerError) -> [Trade]

    /// Positions with carried quantities (`net`) and of today only (`day`).
    func positions() async throws(BrokerError) -> PositionBook

    /// Shares in the demat account.
    func holdings() async throws(BrokerError) -> [Holding]

    /// Funds by segment.
    func margins() async throws(BrokerError) -> [MarginSegment: Margin]

    /// Who the account belongs to.
    func profile() async throws(BrokerError) -> BrokerProfile

    /// Runs the push connection until cancelled and hands over what arrives.
    func stream(to sink: any BrokerUpdateSink) async

    /// Says which instruments' prices are wanted on the push connection.
    func watch(_ tokens: Set<InstrumentToken>) async
}

/// Takes what a broker pushes; order news must never be dropped, prices may be coalesced.
package protocol BrokerUpdateSink: Sendable {
    /// An order changed.
    func orderChanged(_ row: BrokerOrderRow) async
    /// Newer prices.
    func pricesChanged(_ marks: [PriceMark]) async
    /// The push connection came up or went down.
    func connectionChanged(_ state: BrokerConnection) async
}

/// The last price of an instrument.
package struct PriceMark: Sendable, Hashable {
    /// The instrument.
    package let token: InstrumentToken
    /// The last price.
    package let lastPrice: Price
    /// The previous day's close; nil where the feed does not carry it.
    package let closePrice: Price?

    /// Puts a mark together.
    package init(token: InstrumentToken, lastPrice: Price, closePrice: Price?) {
        self.token = token
        self.lastPrice = lastPrice
        self.closePrice = closePrice
    }
}

/// How the push connection stands.
package enum BrokerConnection: Sendable, Hashable {
    case connected
    case disconnected(reason: String)
}

/// What a broker can do.
package struct BrokerCapabilities: Sendable, Hashable {
    /// The longest tag that its book keeps, in characters.
    package let tagLength: Int
    /// Orders a second, a minute and a day that an account may send.
    package let orderLimits: OrderLimits

    /// Puts the capabilities together.
    package init(tagLength: Int, orderLimits: OrderLimits) {
        self.tagLength = tagLength
        self.orderLimits = orderLimits
    }
}

/// How many orders an account may send.
package struct OrderLimits: Sendable, Hashable {
    package let perSecond: Int
    package let perMinute: Int
    package let perDay: Int

    /// Puts the limits together.
    package init(perSecond: Int, perMinute: Int, perDay: Int) {
        self.perSecond = perSecond
        self.perMinute = perMinute
        self.perDay = perDay
    }
}

/// The positions of an account.
package struct PositionBook: Sendable, Hashable {
    /// With what was carried from the day before.
    package var net: [Position]
    /// Of today only.
    package var day: [Position]

    /// Puts the lists together.
    package init(net: [Position], day: [Position]) {
        self.net = net
        self.day = day
    }
}

/// Who a broker account belongs to.
package struct BrokerProfile: Sendable, Hashable {
    package let userID: String
    package let userName: String
    package let email: String

    /// Puts a profile together.
    package init(userID: String, userName: String, email: String) {
        self.userID = userID
        self.userName = userName
        self.email = email
    }
}
