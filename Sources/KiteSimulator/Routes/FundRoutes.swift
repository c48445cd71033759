import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import PaperExchange
import Synchronization
import Trading

/// The addresses of mutual funds.
enum FundEndpoint: Equatable {
    case orders
    case order(String)
    case plans
    case plan(String)
    case holdings
    case holding(String)
    case allotments
    case instruments

    /// Reads what follows `/mf`; nil where nothing is served there.
    init?(_ parts: some Collection<String>) {
        let parts = Array(parts)
        switch (parts.first, parts.count) {
        case ("orders", 1): self = .orders
        case ("orders", 2): self = .order(parts[1])
        case ("sips", 1): self = .plans
        case ("sips", 2): self = .plan(parts[1])
        case ("holdings", 1): self = .holdings
        case ("holdings", 2): self = .holding(parts[1])
        case ("allotments", 1): self = .allotments
        case ("instruments", 1): self = .instruments
        default: return nil
        }
    }

    /// The methods that mean something here.
    var methods: [HTTPRequest.Method] {
        switch self {
        case .orders, .plans: [.get, .post]
        case .order: [.get, .delete]
        case .plan: [.get, .put, .delete]
        case .holdings, .holding, .allotments, .instruments: [.get]
        }
    }
}

extension SimulatedKite {
    /// The calls under `/mf`. Source: Kite Connect, mutual funds; placements are switched off at the broker, but its
    /// clients have them.
    func funds(_ endpoint: FundEndpoint, _ call: KiteCall) throws(KiteRefusal) -> Response {
        if endpoint == .instruments { return fundInstruments(call) }
        let user = try counted(call).user
        return try funds.withLock { (books) throws(KiteRefusal) in
            try books.with(user.userID, at: call.time) { (book, random) throws(KiteRefusal) in
                switch call.method {
                case .get: try Self.answer(endpoint, call, book, userID: user.userID)
                default: try Self.change(endpoint, call, &book, random)
                }
            }
        }
    }

    /// `GET /mf/instruments`; asks for no session, as the other list does not.
    private func fundInstruments(_ call: KiteCall) -> Response {
        let text = FundScheme.csv(on: call.time.indian.date)
        return Response(
            status: .ok, headers: [.contentType: "text/csv"], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private static func answer(
        _ endpoint: FundEndpoint, _ call: KiteCall, _ book: FundBook, userID: String
    ) throws(KiteRefusal) -> Response {
        let today = call.time.indian.date
        switch endpoint {
        case .orders:
            let range = try call.fields.days(orFrom: today.adding(days: -7), to: today)
            let orders = book.orders.filter { range.contains($0.placed.indian.date) }
            return Reply.list(orders) { $0.fundOrderRow($1, userID: userID, on: today) }
        case .order(let id):
            guard let order = book.orders.first(where: { $0.id == id }) else { throw .unknownOrder }
            return Reply.success { $0.fundOrderRow(order, userID: userID, on: today) }
        case .plans: return Reply.list(book.plans) { $0.fundPlanRow($1) }
        case .plan(let id):
            guard let plan = book.plans.first(where: { $0.id == id }) else { throw .unknownPlan }
            return Reply.success { $0.fundPlanRow(plan) }
        case .holdings: return Reply.list(book.holdings) { $0.fundHoldingRow($1, on: today) }
        case .holding(let isin):
            let trades = book.orders.filter { $0.status == .complete && $0.scheme.isin == isin }
            return Reply.list(trades) { $0.fundTradeRow($1) }
        case .allotments:
            let allotted = book.orders.filter { $0.status == .complete && $0.side == .buy }.map(\.scheme.isin)
            return Reply.success { $0.strings(Set(allotted).sorted()) }
        case .instruments: throw .route
        }
    }

    private static func change(
        _ endpoint: FundEndpoint, _ call: KiteCall, _ book: inout FundBook, _ random: RandomBytes
    ) throws(KiteRefusal) -> Response {
        switch (endpoint, call.method) {
        case (.orders, .post):
            return Reply.orderID(try book.place(FundOrderForm(call.fields), at: call.time, random))
        case (.order(let id), .delete):
            try book.cancelOrder(id)
            return Reply.orderID(id)
        case (.plans, .post): return planID(try book.start(FundPlanForm(call.fields), at: call.time, random))
        case (.plan(let id), .put):
            try book.change(id, FundPlanChange(call.fields), at: call.time)
            return planID(id)
        case (.plan(let id), .delete):
            try book.cancelPlan(id)
            return planID(id)
        default: throw .method
        }
    }

    private static func planID(_ id: String) -> Response {
        Reply.success(reserving: 96) { writer in
            writer.beginObject()
            writer.key("sip_id")
            writer.value(id)
            writer.endObject()
        }
    }
}

extension Fields {
    /// The days `from` and `to`, or the given ones where neither is named.
    fileprivate func days(orFrom start: CalendarDate, to end: CalendarDate) throws(KiteRefusal) -> ClosedRange<
        CalendarDate
    > {
        guard self["from"] != nil || self["to"] != nil else { return start...end }
        guard let from = CalendarDate(try required("from").prefix(10)) else { throw .invalid("from") }
        guard let to = CalendarDate(try required("to").prefix(10)), from <= to else { throw .invalid("to") }
        return from...to
    }
}
