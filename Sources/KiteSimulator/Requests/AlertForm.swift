import PaperExchange
import Trading

/// An alert as it came on the form. Source: Kite Connect, alerts.
struct AlertForm {
    /// The only attribute that is compared.
    static let attribute = "LastTradedPrice"
    /// The exchange name of indices, which go by their display names.
    static let indices = "INDICES"

    /// The alert for the venue.
    let request: AlertRequest

    /// Reads the form; what does not belong to the alert's type is passed over.
    ///
    /// - Throws: Kite's refusal that names the first missing or malformed part.
    init(_ fields: Fields, userID: String, appID: Int) throws(KiteRefusal) {
        let name = try fields.required("name")
        let kind = try fields.required("type")
        let subject = try Self.subject(fields, side: "lhs")
        guard let comparison = AlertCondition.Comparison(rawValue: try fields.required("operator")) else {
            throw .invalid("operator")
        }
        let reference: AlertCondition.Reference
        switch try fields.required("rhs_type") {
        case "constant":
            _ = try fields.required("rhs_constant")
            reference = .constant(try fields.price("rhs_constant") ?? .zero)
        case "instrument": reference = .subject(try Self.subject(fields, side: "rhs"))
        default: throw .invalid("rhs_type")
        }
        var basket: [AlertRequest.Item]?
        switch kind {
        case "simple": break
        case "ato": basket = try Self.basket(try JSONPart(field: "basket", of: fields), userID: userID)
        default: throw .invalid("type")
        }
        request = AlertRequest(
            name: name, condition: AlertCondition(subject, comparison, reference), basket: basket, appID: appID)
    }

    private static func subject(_ fields: Fields, side: String) throws(KiteRefusal) -> AlertSubject {
        let exchange = try fields.required("\(side)_exchange")
        let symbol = try fields.required("\(side)_tradingsymbol")
        guard try fields.required("\(side)_attribute") == attribute else { throw .invalid("\(side)_attribute") }
        if exchange == indices { return .index(symbol) }
        switch Exchange(rawValue: exchange) {
        case .some(let known) where [.nse, .bse, .nfo, .cds, .bcd, .mcx].contains(known):
            return .instrument(InstrumentID(exchange: known, symbol: symbol))
        default: throw .invalid("\(side)_exchange")
        }
    }

    private static func basket(_ basket: JSONPart, userID: String) throws(KiteRefusal) -> [AlertRequest.Item] {
        var items: [AlertRequest.Item] = []
        for item in try basket.required("items").elements() {
            let instrument = InstrumentID(
                exchange: try item.required("exchange").word(), symbol: try item.required("tradingsymbol").text())
            let order = try order(try item.required("params"), instrument: instrument, userID: userID)
            items.append(AlertRequest.Item(order: order, weight: try item.member("weight")?.whole() ?? 0))
        }
        return items
    }

    private static func order(
        _ params: JSONPart, instrument: InstrumentID, userID: String
    ) throws(KiteRefusal) -> VenueOrderRequest {
        let type = try params.required("order_type").word(OrderType.self)
        var terms = OrderRequest(
            instrument: instrument, side: try params.required("transaction_type").word(), type: type,
            quantity: Quantity(try params.required("quantity").whole()),
            product: try params.required("product").word())
        if type.needsPrice { terms.price = try params.required("price").price() }
        let variety = try Variety(params)
        if type.needsTrigger || variety == .cover { terms.triggerPrice = try params.required("trigger_price").price() }
        if type.needsProtection {
            // Source: the broker's support page; market orders of alerts are protected by themselves.
            terms.marketProtection = try params.member("market_protection")?.marketProtection() ?? .automatic
        }
        terms.timeInForce = try validity(params)
        let disclosed = try params.member("disclosed_quantity")?.whole() ?? 0
        terms.disclosedQuantity = disclosed == 0 ? nil : Quantity(disclosed)
        var tags: [String] = []
        for tag in try params.member("tags")?.elements() ?? [] { tags.append(try tag.text()) }
        try refuseUnoffered(params)
        return VenueOrderRequest(
            terms, variety: variety, tag: tags.first, tags: Array(tags.dropFirst()), placedBy: userID)
    }

    private static func validity(_ params: JSONPart) throws(KiteRefusal) -> TimeInForce {
        guard let part = try params.member("validity") else { return .day }
        switch try part.text() {
        case "DAY": return .day
        case "IOC": return .immediateOrCancel
        case "TTL":
            let minutes = try params.required("validity_ttl")
            guard let number = Int(exactly: try minutes.whole()) else { throw minutes.invalid }
            return .minutes(number)
        default: throw part.invalid
        }
    }

    /// What would otherwise be dropped without a word.
    private static func refuseUnoffered(_ params: JSONPart) throws(KiteRefusal) {
        let exits = try params.member("gtt")
        let parts = [try exits?.member("target"), try exits?.member("stoploss")]
        for part in parts.compactMap(\.self) where try part.price() != .zero {
            throw .input("Invalid `\(part.path)`: this is not offered here.")
        }
    }
}

extension Variety {
    /// Reads the variety of a basket's order; auctions are over before an alert could fire into them.
    ///
    /// - Throws: Kite's refusal that names the part.
    fileprivate init(_ params: JSONPart) throws(KiteRefusal) {
        guard let part = try params.member("variety") else {
            self = .regular
            return
        }
        switch try part.text() {
        case "regular": self = .regular
        case "amo": self = .afterMarket
        case "co": self = .cover
        case "iceberg":
            let legs = try params.required("iceberg_legs")
            guard let number = Int(exactly: try legs.whole()) else { throw legs.invalid }
            let units = try params.member("iceberg_quantity")?.whole() ?? 0
            self = .iceberg(legs: number, legQuantity: units == 0 ? nil : Quantity(units))
        default: throw part.invalid
        }
    }
}
