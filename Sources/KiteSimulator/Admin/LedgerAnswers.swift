import Hummingbird
import JSON
import NIOCore
import PaperExchange
import Trading

/// The answers of the admin API about what really happened.
extension SimulatedKite {
    /// `GET /ledger?after=N&limit=N&user_id=&tag=&order_id=&kind=`
    func ledgerPage(_ request: AdminRequest) throws(AdminRefusal) -> Response {
        let after = try request.count("after", atLeast: 0, default: 0)
        let limit = try request.count("limit", atLeast: 1, default: 1_000)
        var kind: VenueEffect.Kind?
        if let text = request.query["kind"] {
            guard let known = VenueEffect.Kind(rawValue: text) else {
                throw .wrong("kind", "kind has to be placement, modification or cancellation.")
            }
            kind = known
        }
        let entries = ledger.entries(after: after).lazy.filter { entry in
            let order = entry.effect.order
            return (kind == nil || entry.effect.kind == kind)
                && order.account == request.query["user_id"] ?? order.account
                && order.id == request.query["order_id"] ?? order.id
                && (request.query["tag"] == nil || order.tag == request.query["tag"])
        }
        return AdminEndpoints.object { writer in
            writer.key("entries")
            writer.beginArray()
            for entry in entries.prefix(limit) { writer.ledgerRow(entry) }
            writer.endArray()
            writer.key("dropped")
            writer.value(ledger.dropped)
        }
    }

    /// `GET /counts`
    func countsPage() async -> Response {
        let connections = await tickerConnections
        let requests = counts.requests.sorted {
            ($0.key.route, $0.key.status ?? 0) < ($1.key.route, $1.key.status ?? 0)
        }
        let effects = ledger.entries()
        return AdminEndpoints.object { writer in
            writer.key("requests")
            writer.beginArray()
            for (key, count) in requests {
                writer.beginObject()
                writer.key("route")
                writer.value(key.route)
                writer.key("http_status")
                if let status = key.status { writer.value(status) } else { writer.null() }
                writer.key("count")
                writer.value(count)
                writer.endObject()
            }
            writer.endArray()
            for (name, kind) in [
                ("placements", VenueEffect.Kind.placement), ("modifications", .modification),
                ("cancellations", .cancellation),
            ] {
                writer.key(dynamic: name)
                writer.value(effects.count { $0.effect.kind == kind })
            }
            for event in RequestCounts.Event.allCases {
                writer.key(dynamic: event.rawValue)
                writer.value(counts.count(of: event))
            }
            writer.key("ticker_connections")
            writer.value(connections)
            writer.key("faults_fired")
            writer.value(faults.statuses.reduce(0) { $0 + $1.fired })
        }
    }
}

extension JSONWriter {
    /// Writes one effect with its terms, and what was answered.
    fileprivate mutating func ledgerRow(_ entry: Ledger.Entry) {
        let order = entry.effect.order
        beginObject()
        key("number")
        value(entry.number)
        key("time")
        value(entry.time.indianText)
        key("time_us")
        value(entry.time.microseconds)
        key("kind")
        value(entry.effect.kind.rawValue)
        key("origin")
        value(entry.isAsked ? "request" : "exchange")
        key("user_id")
        value(order.account)
        key("order_id")
        value(order.id)
        key("parent_order_id")
        value(optional: order.parentID)
        key("tag")
        value(optional: order.tag)
        key("tags")
        strings(order.tags)
        key("variety")
        value(order.variety.name)
        key("order_status")
        value(order.status.text)
        terms(entry.effect)
        key("request")
        if let request = entry.request { requestRow(request) } else { null() }
        key("answer")
        if let answer = entry.answer { answerRow(answer) } else { null() }
        endObject()
    }

    /// The terms: of a placement as asked for, else as they are now.
    private mutating func terms(_ effect: VenueEffect) {
        let order = effect.order
        let asked = effect.asked
        key("exchange")
        value(order.instrument.exchange.rawValue)
        key("tradingsymbol")
        value(order.instrument.symbol)
        key("transaction_type")
        value(order.side.rawValue)
        key("product")
        value(order.product.rawValue)
        key("order_type")
        value((asked?.type ?? order.type).rawValue)
        key("quantity")
        value((asked?.quantity ?? order.quantity).units)
        key("price")
        value(optional: asked == nil ? order.price : asked?.price)
        key("trigger_price")
        value(optional: asked == nil ? order.triggerPrice : asked?.triggerPrice)
        key("validity")
        value((asked?.timeInForce ?? order.timeInForce).validityText)
    }

    /// Writes a price, or `null` where the order has none.
    private mutating func value(optional price: Price?) {
        if let price { value(price) } else { null() }
    }

    private mutating func requestRow(_ request: Ledger.Request) {
        beginObject()
        key("method")
        value(request.method)
        key("path")
        value(request.path)
        key("api_key")
        value(optional: request.apiKey)
        endObject()
    }

    private mutating func answerRow(_ answer: Ledger.Answer) {
        beginObject()
        key("http_status")
        if let status = answer.status { value(status) } else { null() }
        key("fault")
        value(optional: answer.fault)
        endObject()
    }
}
