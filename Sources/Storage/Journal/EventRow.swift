import GRDB
import Gateway
import Trading

/// An event as a row of `order_events`.
enum EventRow {
    static let insert = """
        INSERT INTO order_events (
            order_id, sequence, time, kind, reason, broker_order_id, exchange_order_id, status, quantity,
            filled_quantity, cancelled_quantity, average_price, price, trigger_price, message, exchange_time)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """

    static func arguments(_ entry: JournaledEvent) -> [(any DatabaseValueConvertible)?] {
        [entry.orderID.rawValue, entry.sequence, entry.time.microseconds] + columns(entry.event)
    }

    /// From `kind` on.
    private static func columns(_ event: OrderEvent) -> [(any DatabaseValueConvertible)?] {
        switch event {
        case .denied(let reason): only("denied", reason: reason)
        case .notSent(let reason): only("notSent", reason: reason)
        case .rejected(let reason): only("rejected", reason: reason)
        case .outcomeUnknown(let reason): only("outcomeUnknown", reason: reason)
        case .acknowledged(let number): only("acknowledged", brokerOrderID: number)
        case .reported(let report):
            [
                "reported", nil, report.brokerOrderID, report.exchangeOrderID, report.status.rawValue,
                report.quantity.units, report.filledQuantity.units, report.cancelledQuantity.units,
                report.averagePrice?.tenThousandths, report.price?.tenThousandths,
                report.triggerPrice?.tenThousandths, report.message, report.exchangeTime?.microseconds,
            ]
        }
    }

    private static func only(
        _ kind: String, reason: String? = nil, brokerOrderID: String? = nil
    ) -> [(any DatabaseValueConvertible)?] {
        [kind, reason, brokerOrderID] + Array(repeating: nil, count: 10)
    }

    static func entry(_ row: StoredRow) throws -> JournaledEvent {
        JournaledEvent(
            orderID: OrderID(try row.int("order_id")), sequence: try row.int("sequence"), event: try event(row),
            time: try row.time("time"))
    }

    private static func event(_ row: StoredRow) throws -> OrderEvent {
        switch try row.text("kind") {
        case "denied": return .denied(reason: try row.text("reason"))
        case "notSent": return .notSent(reason: try row.text("reason"))
        case "rejected": return .rejected(reason: try row.text("reason"))
        case "outcomeUnknown": return .outcomeUnknown(reason: try row.text("reason"))
        case "acknowledged": return .acknowledged(brokerOrderID: try row.text("broker_order_id"))
        case "reported": return .reported(try report(row))
        default: throw StoredValueFault(column: "kind")
        }
    }

    private static func report(_ row: StoredRow) throws -> OrderReport {
        var report = OrderReport(
            brokerOrderID: try row.text("broker_order_id"), status: try row.value("status", as: OrderStatus.self),
            quantity: Quantity(try row.int("quantity")), filledQuantity: Quantity(try row.int("filled_quantity")),
            cancelledQuantity: Quantity(try row.int("cancelled_quantity")),
            averagePrice: try row.optionalPrice("average_price"))
        report.exchangeOrderID = try row.optionalText("exchange_order_id")
        report.price = try row.optionalPrice("price")
        report.triggerPrice = try row.optionalPrice("trigger_price")
        report.message = try row.optionalText("message")
        report.exchangeTime = try row.optionalInt("exchange_time").map(Timestamp.init(microseconds:))
        return report
    }
}
