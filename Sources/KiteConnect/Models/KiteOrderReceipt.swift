import JSON

/// What Kite answers to placing, changing or cancelling an order.
public struct KiteOrderReceipt: KiteDecodable, Hashable {
    /// The order's id; with autoslice the parent's. Nil only in the list form of autoslice answers (before 2026-03-27).
    public let orderID: String?
    /// One outcome a slice, in Kite's order; empty without autoslice.
    public let slices: [Slice]

    /// What became of one slice of an autosliced order.
    public enum Slice: Sendable, Hashable {
        /// The slice is an order of its own.
        case placed(orderID: String)
        /// The slice was not placed.
        case failed(KiteError)
    }

    /// Reads the object with `order_id`, the object with `children`, or the older list of slices.
    public init(json: JSONValue) throws(KiteError) {
        if let elements = json.array {
            orderID = nil
            slices = try Self.slices(elements)
            guard !slices.isEmpty else { throw .unreadable("the answer names no order id") }
            return
        }
        let fields = try Fields(json, "order receipt")
        orderID = try fields.required("order_id")
        slices = try Self.slices(fields["children"]?.array ?? [])
    }

    /// The ids of all orders that now exist: the slices when there are any, the order itself otherwise.
    public var placedOrderIDs: [String] {
        if slices.isEmpty { return orderID.map { [$0] } ?? [] }
        return slices.compactMap {
            if case .placed(let orderID) = $0 { orderID } else { nil }
        }
    }

    private static func slices(_ elements: [JSONValue]) throws(KiteError) -> [Slice] {
        var slices: [Slice] = []
        for element in elements {
            let fields = try Fields(element, "order slice")
            if let error = fields["error"] {
                slices.append(.failed(try failure(error)))
            } else {
                slices.append(.placed(orderID: try fields.required("order_id")))
            }
        }
        return slices
    }

    private static func failure(_ json: JSONValue) throws(KiteError) -> KiteError {
        let fields = try Fields(json, "order slice error")
        let reading = AnswerReading(
            status: try fields.optionalInt("code") ?? 200,
            content: .failure(type: fields.optionalText("error_type"), message: fields.text("message")))
        return OutcomeClassification.error(reading, intent: .write)
            ?? KiteError(.general, effect: .unknown, message: fields.text("message"))
    }
}
