import Accounts
import Gateway
import HTTPTypes
import Hummingbird
import JSON
import Trading

/// `POST /accounts/{account_id}/orders`: one order through the gateway's one path.
struct OrderPlacement: Sendable {
    let gate: AccountGate

    var routes: [Route] {
        [
            .account(.post, "/accounts/{account_id}/orders", .trade, gate) { request, context, call in
                do {
                    return try await place(request, context, call)
                } catch var refusal as Refusal {
                    refusal.placement = refusal.placement ?? RefusedOrder()
                    throw refusal
                }
            }
        ]
    }

    private func place(_ request: Request, _ context: APIContext, _ call: AccountCall) async throws -> Response {
        let key = try Self.idempotencyKey(of: request)
        let fields = try NewOrderFields(await BodyFields.read(request, allowed: NewOrderFields.names))
        let submission = OrderSubmission(
            request: fields.request, label: fields.label, idempotencyKey: key, principal: call.token.user.rawValue)
        let session = try call.session
        let receipt: OrderReceipt
        do throws(GatewayError) {
            receipt = try await session.submit(submission, since: context.start)
        } catch {
            throw Refusal(error)
        }
        var response = try Self.answer(receipt.order, account: call.account.brokerUserID, receipt)
        Self.addHeaders(receipt, to: &response.headers)
        return response
    }

    /// The caller's key, or one of our own that nobody else has.
    private static func idempotencyKey(of request: Request) throws(Refusal) -> String {
        guard let key = request.headers[.idempotencyKey] else { return ownKey() }
        let isVisible = key.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard (1...255).contains(key.utf8.count), isVisible else { throw Refusal(.invalidIdempotencyKey) }
        return key
    }

    /// 128 random bits: unique for ever, also after a restart.
    private static func ownKey() -> String {
        (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined(separator: "-")
    }

    private static func answer(_ order: Order, account: String, _ receipt: OrderReceipt) throws(Refusal) -> Response {
        switch order.status {
        case .acknowledged, .triggerPending, .working, .filled, .cancelled:
            return JSONAnswer.response(
                body(order, account, status: "success", success: true, "Order placed successfully"))
        case .pending, .unknown:
            let message =
                "The broker's answer is missing and the order is being looked up. Do not send it again; "
                + "follow it as order_update or GET it under its client_order_id."
            return JSONAnswer.response(
                body(order, account, status: "unknown", success: false, message), status: .accepted)
        case .rejected: throw refusal(.rejectedByBroker, order.message, order, receipt)
        case .denied: throw refusal(.badRequest, order.message, order, receipt)
        case .notSent:
            let reason = order.message.map { "\($0) \(ErrorCode.notSent.sentence)" }
            throw refusal(.notSent, reason, order, receipt)
        }
    }

    private static func refusal(
        _ code: ErrorCode, _ detail: String?, _ order: Order, _ receipt: OrderReceipt
    ) -> Refusal {
        var refusal = Refusal(code, detail, retryAfter: code == .notSent ? 1 : nil)
        refusal.placement = RefusedOrder(brokerOrderID: order.brokerOrderID, clientOrderID: order.clientOrderID)
        addHeaders(receipt, to: &refusal.headers)
        return refusal
    }

    private static func body(
        _ order: Order, _ account: String, status: String, success: Bool, _ message: String
    ) -> JSONWriter {
        var writer = JSONWriter(reservingCapacity: 256)
        writer.beginObject()
        writer.key("status")
        writer.value(status)
        writer.key("account_id")
        writer.value(account)
        writer.key("success")
        writer.value(success)
        writer.key("order_id")
        writer.text(order.brokerOrderID)
        writer.key("message")
        writer.value(message)
        writer.key("client_order_id")
        writer.value(order.clientOrderID)
        writer.key("order_status")
        writer.value(order.status.word)
        writer.endObject()
        return writer
    }

    private static func addHeaders(_ receipt: OrderReceipt, to headers: inout HTTPFields) {
        if receipt.isReplay { headers[.idempotentReplayed] = "true" }
        guard let departure = receipt.timeToDeparture else { return }
        headers[.serverTiming] = "gateway;dur=\(departure.millisecondsText)"
    }
}

extension Duration {
    /// Milliseconds with three decimals.
    var millisecondsText: String {
        let microseconds = components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
        let fraction = String(microseconds % 1_000)
        return "\(microseconds / 1_000)." + String(repeating: "0", count: 3 - fraction.utf8.count) + fraction
    }
}
