import PaperExchange
import Trading

/// A placement as it came on the form. Source: Kite Connect, orders.
struct OrderForm {
    /// The order for the venue.
    let request: VenueOrderRequest
    /// Whether a quantity over the freeze limit is to be split.
    let isAutosliced: Bool

    /// Reads the form.
    ///
    /// - Throws: Kite's refusal that names the first missing or malformed field.
    init(_ fields: Fields, variety name: String, userID: String) throws(KiteRefusal) {
        let variety = try Variety(name, fields)
        guard let exchange = Exchange(rawValue: try fields.required("exchange")) else { throw .invalid("exchange") }
        let symbol = try fields.required("tradingsymbol")
        guard let side = Side(rawValue: try fields.required("transaction_type")) else {
            throw .invalid("transaction_type")
        }
        guard let type = OrderType(rawValue: try fields.required("order_type")) else { throw .invalid("order_type") }
        guard let product = Product(rawValue: try fields.required("product")) else { throw .invalid("product") }
        guard let units = Int64(try fields.required("quantity")) else { throw .invalid("quantity") }
        var terms = OrderRequest(
            instrument: InstrumentID(exchange: exchange, symbol: symbol), side: side, type: type,
            quantity: Quantity(units), product: product)
        terms.price = type.needsPrice ? try fields.price("price") : nil
        terms.triggerPrice = type.needsTrigger || variety == .cover ? try fields.price("trigger_price") : nil
        terms.timeInForce = try fields.timeInForce() ?? .day
        terms.disclosedQuantity = try fields.quantity("disclosed_quantity")
        // Clients send it with every order; it means something for these types alone.
        terms.marketProtection = type.needsProtection ? try fields.marketProtection() : nil
        if type.needsProtection, terms.marketProtection == nil { throw KiteRefusal(.protectionMissing) }
        request = VenueOrderRequest(terms, variety: variety, tag: fields["tag"], placedBy: userID)
        isAutosliced = fields.flag("autoslice")
    }

    /// How many orders a placement counts as towards the caps of a minute and a day, before anything is checked: one
    /// for each leg of an iceberg order. Source: Kite Connect, order limits.
    static func count(_ fields: Fields, variety name: String) -> Int {
        guard name == "iceberg", let legs = fields["iceberg_legs"].flatMap({ Int($0) }) else { return 1 }
        return min(max(legs, 1), 50)
    }
}

extension Variety {
    /// Reads a variety by the name in the path, with the fields that belong to it.
    ///
    /// - Throws: Kite's refusal of an unknown variety, or of a missing, malformed or misplaced field.
    init(_ name: String, _ fields: Fields) throws(KiteRefusal) {
        switch name {
        case "regular": self = .regular
        case "co": self = .cover
        case "amo":
            self = .afterMarket
            guard try fields.quantity("iceberg_legs") == nil else {
                throw KiteRefusal(.termNotAllowed("iceberg_legs", variety: self))
            }
        case "iceberg":
            guard let legs = Int(try fields.required("iceberg_legs")) else { throw .invalid("iceberg_legs") }
            self = .iceberg(legs: legs, legQuantity: try fields.quantity("iceberg_quantity"))
        case "auction": self = .auction(number: try fields.required("auction_number"))
        default: throw KiteRefusal(.varietyNotOffered(name))
        }
    }

    /// The names that stand in paths. Source: Kite Connect, order varieties.
    static let names: Set = ["regular", "amo", "co", "iceberg", "auction"]
}

/// A modification as it came on the form. Source: Kite Connect, orders.
struct OrderChangeForm {
    /// What is to change.
    let change: OrderChange
    /// How far the order may walk where it becomes a market order.
    let protection: MarketProtection?

    /// Reads the form; absent, empty and zero fields leave a term as it is.
    ///
    /// - Throws: Kite's refusal that names the first malformed field.
    init(_ fields: Fields) throws(KiteRefusal) {
        var change = OrderChange()
        change.quantity = try fields.quantity("quantity")
        change.price = try fields.price("price")
        change.triggerPrice = try fields.price("trigger_price")
        if let text = fields["order_type"] {
            guard let type = OrderType(rawValue: text) else { throw .invalid("order_type") }
            change.type = type
        }
        change.timeInForce = try fields.timeInForce()
        if change.timeInForce == nil, let minutes = try fields.quantity("validity_ttl") {
            change.timeInForce = .minutes(Int(minutes.units))
        }
        change.disclosedQuantity = try fields.quantity("disclosed_quantity")
        self.change = change
        let isPriced = change.type.map { !$0.needsProtection } ?? false
        protection = isPriced ? nil : try fields.marketProtection()
    }
}

extension OrderType {
    /// Whether it may not be sent without a market protection.
    var needsProtection: Bool { self == .market || self == .stopMarket }
}

extension Fields {
    /// A price in rupees; nil where it is absent or zero.
    func price(_ name: String) throws(KiteRefusal) -> Price? {
        guard let text = self[name] else { return nil }
        guard let price = Price(text) ?? Double(text).flatMap(Price.init(rounding:)), price >= .zero else {
            throw .invalid(name)
        }
        return price == .zero ? nil : price
    }

    /// A number of units; nil where it is absent or zero.
    func quantity(_ name: String) throws(KiteRefusal) -> Quantity? {
        guard let text = self[name] else { return nil }
        guard let units = Int64(text), units >= 0 else { throw .invalid(name) }
        return units == 0 ? nil : Quantity(units)
    }

    /// How long the order is to live; nil where nothing is said.
    func timeInForce() throws(KiteRefusal) -> TimeInForce? {
        switch self["validity"] {
        case nil: return nil
        case "DAY": return .day
        case "IOC": return .immediateOrCancel
        case "TTL":
            guard let minutes = Int(try required("validity_ttl")) else { throw .invalid("validity_ttl") }
            return .minutes(minutes)
        default: throw .invalid("validity")
        }
    }

    /// `-1` is automatic, more than 0 and up to 100 a percentage; absent and zero are none.
    func marketProtection() throws(KiteRefusal) -> MarketProtection? {
        guard let text = self["market_protection"] else { return nil }
        guard let percent = Double(text) else { throw .invalid("market_protection") }
        if percent == -1 { return .automatic }
        if percent == 0 { return nil }
        guard percent > 0, percent <= 100 else { throw .invalid("market_protection") }
        return .basisPoints(max(1, Int64((percent * 100).rounded())))
    }
}
