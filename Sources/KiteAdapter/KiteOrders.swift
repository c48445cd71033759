import Brokers
import KiteConnect
import Trading

extension KiteOrderRequest {
    /// Writes an order in Kite's words.
    init(_ order: BrokerOrder) throws(BrokerError) {
        let terms = order.request
        self.init(
            exchange: KiteExchange(rawValue: terms.instrument.exchange.rawValue),
            tradingsymbol: terms.instrument.symbol,
            transactionType: KiteTransactionType(rawValue: terms.side.rawValue),
            quantity: Int(terms.quantity.units), product: KiteProduct(rawValue: terms.product.rawValue),
            orderType: KiteOrderType(rawValue: terms.type.rawValue))
        price = terms.type.needsPrice ? terms.price?.double : nil
        triggerPrice = terms.type.needsTrigger ? terms.triggerPrice?.double : nil
        validity = KiteValidity(terms.timeInForce)
        if case .minutes(let minutes) = terms.timeInForce { validityTTLMinutes = minutes }
        disclosedQuantity = terms.disclosedQuantity.map { Int($0.units) }
        marketProtection = terms.marketProtection?.percent
        tag = order.clientOrderID
    }
}

extension KiteOrderChange {
    /// Writes a change in Kite's words.
    init(_ change: BrokerOrderChange) throws(BrokerError) {
        self.init()
        quantity = change.change.quantity.map { Int($0.units) }
        price = change.current.type.needsPrice ? change.current.price?.double : nil
        triggerPrice = change.current.type.needsTrigger ? change.current.triggerPrice?.double : nil
        orderType = KiteOrderType(rawValue: change.current.type.rawValue)
        validity = KiteValidity(change.current.timeInForce)
        if case .minutes(let minutes) = change.current.timeInForce { validityTTLMinutes = minutes }
        if change.current.type == .market || change.current.type == .stopMarket {
            marketProtection = change.current.marketProtection?.percent
        }
    }
}

extension KiteValidity {
    /// Writes a time in force in Kite's words.
    init(_ timeInForce: TimeInForce) {
        switch timeInForce {
        case .day: self = .day
        case .immediateOrCancel: self = .immediateOrCancel
        case .minutes: self = .minutes
        }
    }
}

extension MarketProtection {
    /// Kite's number: a percentage, or -1 for the broker's own.
    var percent: Double {
        switch self {
        case .automatic: -1
        case .basisPoints(let points): Double(points) / 100
        }
    }
}

extension OrderStatus {
    /// Reads a Kite status. Interim words and words not known yet count as acknowledged, the earliest state at the
    /// broker, so that they never undo what is known.
    init(_ status: KiteOrderStatus) {
        self =
            switch status {
            case .complete: .filled
            case .cancelled, .lapsed, "CANCELLED AMO": .cancelled
            case .rejected: .rejected
            case .open: .working
            case .triggerPending: .triggerPending
            default: .acknowledged
            }
    }
}

extension BrokerOrderRow {
    /// Reads a row of Kite's book; nil where it trades on a market or in a product that we do not know.
    init?(_ row: KiteOrder) {
        guard let request = OrderRequest(row) else { return nil }
        let status = OrderStatus(row.status)
        // Some cancelled rows count no cancelled units.
        let cancelled = status == .cancelled ? row.quantity - row.filledQuantity : row.cancelledQuantity
        var report = OrderReport(
            brokerOrderID: row.orderID, status: status, quantity: Quantity(Int64(row.quantity)),
            filledQuantity: Quantity(Int64(row.filledQuantity)), cancelledQuantity: Quantity(Int64(cancelled)),
            averagePrice: row.filledQuantity > 0 ? Price(rounding: row.averagePrice) : nil)
        report.exchangeOrderID = row.exchangeOrderID
        report.price = request.price
        report.triggerPrice = request.triggerPrice
        report.message = row.statusMessage
        report.exchangeTime = (row.exchangeUpdateTimestamp ?? row.exchangeTimestamp).map(Timestamp.init)
        var tags = row.tags
        if let tag = row.tag, !tags.contains(tag) { tags.insert(tag, at: 0) }
        self.init(report: report, request: request, tags: tags, brokerTime: row.orderTimestamp.map(Timestamp.init))
    }
}

extension OrderRequest {
    /// Reads the terms of a row of Kite's book; zero prices are no prices.
    init?(_ row: KiteOrder) {
        guard let exchange = Exchange(rawValue: row.exchange.rawValue),
            let side = Side(rawValue: row.transactionType.rawValue),
            let type = OrderType(rawValue: row.orderType.rawValue),
            let product = Product(rawValue: row.product.rawValue)
        else { return nil }
        let timeInForce: TimeInForce =
            switch row.validity {
            case .immediateOrCancel: .immediateOrCancel
            case .minutes: .minutes(row.validityTTLMinutes)
            default: .day
            }
        self.init(
            instrument: InstrumentID(exchange: exchange, symbol: row.tradingsymbol), side: side, type: type,
            quantity: Quantity(Int64(row.quantity)), product: product, price: Price(positive: row.price),
            triggerPrice: Price(positive: row.triggerPrice), timeInForce: timeInForce)
        disclosedQuantity = row.disclosedQuantity > 0 ? Quantity(Int64(row.disclosedQuantity)) : nil
    }
}

extension Trade {
    /// Reads an execution; nil where it names a market or a product that we do not know, or has no time.
    init?(_ row: KiteTrade) {
        guard let exchange = Exchange(rawValue: row.exchange.rawValue),
            let side = Side(rawValue: row.transactionType.rawValue),
            let product = Product(rawValue: row.product.rawValue),
            let price = Price(rounding: row.averagePrice),
            let time = row.exchangeTimestamp ?? row.fillTimestamp
        else { return nil }
        self.init(
            id: row.tradeID, brokerOrderID: row.orderID, exchangeOrderID: row.exchangeOrderID,
            instrument: InstrumentID(exchange: exchange, symbol: row.tradingsymbol), side: side, product: product,
            quantity: Quantity(Int64(row.quantity)), price: price, exchangeTime: Timestamp(time))
    }
}

extension Timestamp {
    /// Reads Kite's time.
    init(_ time: KiteTime) {
        self.init(seconds: time.unixSeconds)
    }
}

extension Price {
    /// Rounds a price that Kite sent; zero, which stands for none, gives nil.
    init?(positive value: Double) {
        guard value != 0, let price = Price(rounding: value) else { return nil }
        self = price
    }
}
