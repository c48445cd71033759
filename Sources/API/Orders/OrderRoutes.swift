import Accounts
import Gateway
import HTTPTypes
import Hummingbird
import JSON
import Trading

/// The orders of an account: list, one, change, cancel.
struct OrderRoutes: Sendable {
    let gate: AccountGate

    var routes: [Route] {
        let path = "/accounts/{account_id}/orders"
        return [
            .account(.get, path, .view, gate) { request, _, call in try await list(request, call) },
            .account(.get, path + "/{order_id}", .view, gate) { _, context, call in try await one(context, call) },
            .account(.patch, path + "/{order_id}", .trade, gate) { request, context, call in
                try await modify(request, context, call)
            },
            .account(.delete, path + "/{order_id}", .trade, gate) { _, context, call in
                try await cancel(context, call)
            },
        ]
    }

    private func list(_ request: Request, _ call: AccountCall) async throws -> Response {
        let query = QueryFields(request)
        let filter = try OrderFilter(query.text("status"))
        let limit = try query.integer("limit", in: 1...1_000, otherwise: 100)
        let rows = try await call.session.orders().reversed().lazy.filter(filter.shows).prefix(limit)
        let shown = Array(rows)
        var writer = JSONWriter(reservingCapacity: 128 + 560 * shown.count)
        writer.beginObject()
        writer.key("status")
        writer.value("success")
        writer.key("account_id")
        writer.value(call.account.brokerUserID)
        writer.key("count")
        writer.value(shown.count)
        writer.key("orders")
        writer.beginArray()
        for order in shown { writer.order(order) }
        writer.endArray()
        writer.endObject()
        return JSONAnswer.response(writer)
    }

    private func one(_ context: APIContext, _ call: AccountCall) async throws -> Response {
        let order = try await find(context, call)
        var writer = JSONWriter(reservingCapacity: 700)
        writer.beginObject()
        writer.key("status")
        writer.value("success")
        writer.key("account_id")
        writer.value(call.account.brokerUserID)
        writer.key("order")
        writer.order(order)
        writer.endObject()
        return JSONAnswer.response(writer)
    }

    private func modify(_ request: Request, _ context: APIContext, _ call: AccountCall) async throws -> Response {
        let fields = try OrderChangeFields(await BodyFields.read(request, allowed: OrderChangeFields.names))
        let number = try Self.orderID(context)
        let session = try call.session
        return try await answer(call, number, message: "Order modified successfully") { () throws(GatewayError) in
            try await session.modify(number, fields.change)
        }
    }

    private func cancel(_ context: APIContext, _ call: AccountCall) async throws -> Response {
        let number = try Self.orderID(context)
        let session = try call.session
        return try await answer(call, number, message: "Order cancelled successfully") { () throws(GatewayError) in
            try await session.cancel(number)
        }
    }

    private func answer(
        _ call: AccountCall, _ number: String, message: String,
        _ command: () async throws(GatewayError) -> Order
    ) async throws -> Response {
        do throws(GatewayError) {
            let order = try await command()
            var writer = JSONWriter(reservingCapacity: 800)
            writer.orderOutcome(order, of: call.account.brokerUserID, message: message)
            return JSONAnswer.response(writer)
        } catch {
            guard case .outcomeUnknown = error else { throw Refusal(error) }
            return JSONAnswer.response(Self.doubt(number, call.account.brokerUserID), status: .accepted)
        }
    }

    private static func doubt(_ number: String, _ account: String) -> JSONWriter {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("status")
        writer.value("unknown")
        writer.key("account_id")
        writer.value(account)
        writer.key("success")
        writer.value(false)
        writer.key("order_id")
        writer.value(number)
        writer.key("message")
        writer.value("The broker's answer is missing; GET the order to see where it stands.")
        writer.endObject()
        return writer
    }

    /// Finds an order under the broker's number, or under the tag that orders without one are told by.
    private func find(_ context: APIContext, _ call: AccountCall) async throws -> Order {
        let number = try Self.orderID(context)
        let session = try call.session
        if let order = await session.order(brokerOrderID: number) { return order }
        guard let order = await session.orders().first(where: { !$0.isExternal && $0.clientOrderID == number })
        else { throw Refusal(.orderNotFound) }
        return order
    }

    private static func orderID(_ context: APIContext) throws(Refusal) -> String {
        guard let number = context.parameters.get("order_id"), (1...64).contains(number.utf8.count) else {
            throw Refusal(.orderNotFound)
        }
        return number
    }
}
