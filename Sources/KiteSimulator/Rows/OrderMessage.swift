import JSON
import PaperExchange
import Trading

/// The text message that tells a ticker connection of an order. Source: Kite Connect, postbacks and WebSocket.
enum OrderMessage {
    /// Encodes the message as the app with `app` sees it: the checksum is made with its secret.
    static func bytes(_ update: VenueOrderUpdate, app: SimulatorConfiguration.App, appID: Int) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 1_024)
        writer.beginObject()
        writer.key("type")
        writer.value("order")
        writer.key("data")
        write(update, app: app, appID: appID, to: &writer)
        writer.endObject()
        return writer.bytes
    }

    /// Encodes the body of a postback to an app. Source: Kite Connect, postbacks.
    static func postback(_ update: VenueOrderUpdate, app: SimulatorConfiguration.App, appID: Int) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 1_024)
        write(update, app: app, appID: appID, to: &writer)
        return writer.bytes
    }

    private static func write(
        _ update: VenueOrderUpdate, app: SimulatorConfiguration.App, appID: Int, to writer: inout JSONWriter
    ) {
        let order = update.order
        writer.beginObject()
        writer.key("user_id")
        writer.value(update.account)
        writer.key("unfilled_quantity")
        writer.value((order.quantity - order.filledQuantity).units)
        writer.key("app_id")
        writer.value(appID)
        writer.key("checksum")
        writer.value(SessionBook.hexSHA256(order.id + order.time.indianText + app.apiSecret))
        writer.orderFields(order, status: status(update.event))
        writer.endObject()
    }

    /// An error as the ticker tells it; the connection stays up.
    static func error(_ text: String) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 128)
        writer.beginObject()
        writer.key("type")
        writer.value("error")
        writer.key("data")
        writer.value(text)
        writer.endObject()
        return writer.bytes
    }

    /// Ends are named; what happens on the way is an update.
    private static func status(_ event: VenueOrderUpdate.Event) -> String {
        switch event {
        case .filled: "COMPLETE"
        case .cancelled: "CANCELLED"
        case .rejected: "REJECTED"
        case .partiallyFilled, .modified, .triggered: "UPDATE"
        }
    }
}
