import JSON
import NIOCore
import PaperExchange
import Trading

/// One order of a calculator's JSON body, its parts named by their place in the body.
struct CalculatorOrder {
    /// The place in the body, from 0.
    let place: Int
    /// What is listed under its name.
    let instrument: Instrument
    let side: Side
    let variety: String
    let product: Product
    let type: OrderType
    let quantity: Quantity
    private let members: JSONObject

    /// Reads a body: an array of orders.
    ///
    /// - Throws: Kite's refusal that names the first part that is missing, malformed or of another kind.
    static func orders(_ body: ByteBuffer, listing: Listing) throws(KiteRefusal) -> [CalculatorOrder] {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: Array(body.readableBytesView))
        } catch {
            throw .input("Invalid JSON: \(error).")
        }
        guard let elements = document.array else {
            throw .input("Invalid JSON: an array of orders is expected, not \(document.kind).")
        }
        var orders: [CalculatorOrder] = []
        for (place, element) in elements.enumerated() {
            guard let members = element.object else { throw .invalid("[\(place)]") }
            orders.append(try CalculatorOrder(members, place: place, listing: listing))
        }
        return orders
    }

    private init(_ members: JSONObject, place: Int, listing: Listing) throws(KiteRefusal) {
        self.place = place
        self.members = members
        func text(_ name: String) throws(KiteRefusal) -> String {
            guard let value = members[name], !value.isNull else { throw .missing("[\(place)].\(name)") }
            guard let text = value.string else { throw .invalid("[\(place)].\(name)") }
            guard !text.isEmpty else { throw .missing("[\(place)].\(name)") }
            return text
        }
        func word<Word: RawRepresentable<String>>(_ name: String) throws(KiteRefusal) -> Word {
            guard let word = Word(rawValue: try text(name)) else { throw .invalid("[\(place)].\(name)") }
            return word
        }
        let exchange: Exchange = try word("exchange")
        let id = InstrumentID(exchange: exchange, symbol: try text("tradingsymbol"))
        guard let instrument = listing.instrument(id), instrument.kind != .index else {
            throw .invalid("[\(place)].tradingsymbol")
        }
        self.instrument = instrument
        side = try word("transaction_type")
        variety = try text("variety")
        guard Self.varieties.contains(variety) else { throw .invalid("[\(place)].variety") }
        product = try word("product")
        type = try word("order_type")
        guard let number = members["quantity"], !number.isNull else { throw .missing("[\(place)].quantity") }
        guard let units = number.number.flatMap({ $0.int64 ?? $0.double.flatMap(Int64.init(exactly:)) }), units > 0
        else { throw .invalid("[\(place)].quantity") }
        quantity = Quantity(units)
    }

    private static let varieties: Set<String> = ["regular", "amo", "co", "iceberg", "auction", "bo"]

    /// A price in rupees; nil where it is absent, null or zero.
    func price(_ name: String) throws(KiteRefusal) -> Price? {
        guard let value = members[name], !value.isNull else { return nil }
        let text = value.number?.text
        guard let price = text.flatMap({ Price($0) ?? Double($0).flatMap(Price.init(rounding:)) }), price >= .zero
        else { throw .invalid("[\(place)].\(name)") }
        return price == .zero ? nil : price
    }

    /// The terms as the margins are worked out from them.
    var terms: OrderRequest {
        get throws(KiteRefusal) {
            var terms = OrderRequest(
                instrument: instrument.id, side: side, type: type, quantity: quantity, product: product)
            let (price, trigger) = (try price("price"), try price("trigger_price"))
            if type.needsPrice {
                guard let price else { throw .missing("[\(place)].price") }
                terms.price = price
            }
            if type.needsTrigger {
                guard let trigger else { throw .missing("[\(place)].trigger_price") }
                terms.triggerPrice = trigger
            }
            return terms
        }
    }

    /// What the order costs at a price on a day.
    ///
    /// - Throws: Kite's refusal where the order is too large for its charges to be told.
    func charges(at price: Price, day: CalendarDate) throws(KiteRefusal) -> Charges {
        let (worth, overflow) = price.tenThousandths.multipliedReportingOverflow(by: quantity.units)
        guard !overflow, let kind = ChargeClass(instrument, product: product),
            let charges = ChargesTable.charges(
                kind, on: instrument.id.exchange, side, turnover: Money(tenThousandths: worth), day: day)
        else { throw .invalid("[\(place)].quantity") }
        return charges
    }

    /// Kite's name of the purse that the order is paid from.
    var purse: String { instrument.id.exchange == .mcx || instrument.id.exchange == .nco ? "commodity" : "equity" }
}
