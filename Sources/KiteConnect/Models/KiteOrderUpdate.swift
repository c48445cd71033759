import JSON

/// The order in a postback or in a ticker message, or a row of the order book that says what no message did.
///
/// Comes on completion, cancellation, rejection, change and partial fill, also out of order and more than once.
public struct KiteOrderUpdate: KiteDecodable, Hashable {
    /// The order; status `UPDATE` stands for a change or a partial fill.
    public let order: KiteOrder
    /// The user.
    public let userID: String
    /// The app that placed the order; 0 in a row of the book, which does not say.
    public let appID: Int
    /// Units that are not filled.
    public let unfilledQuantity: Int
    /// Lower-case hex of SHA-256 over order id, order timestamp and API secret; empty in a row of the book.
    public let checksum: String
    /// The order timestamp as it was written, which the checksum covers.
    let orderTimestampText: String
    /// How it became known.
    public private(set) var source = Source.message

    /// How an order's state becomes known; more ways may be added.
    public enum Source: Sendable, Hashable {
        /// A message over the ticker's connection.
        case message
        /// A call of the app's own address.
        case postback
        /// The order book, read after a connection was made; the message was missed or never sent.
        case book
    }

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        order = try KiteOrder(json: json)
        let fields = try Fields(json, "order update")
        userID = fields.text("user_id")
        appID = try fields.int("app_id")
        unfilledQuantity = try fields.int("unfilled_quantity")
        checksum = fields.text("checksum")
        orderTimestampText = fields.text("order_timestamp")
    }

    /// Takes a row of the order book.
    init(bookRow: KiteOrder) {
        order = bookRow
        userID = bookRow.placedBy
        appID = 0
        unfilledQuantity = bookRow.quantity - bookRow.filledQuantity
        checksum = ""
        orderTimestampText = ""
        source = .book
    }

    /// Reads the body of a postback, which has no envelope.
    public init(postback bytes: [UInt8]) throws(KiteError) {
        let json: JSONValue
        do {
            json = try bytes.withUnsafeBytes { try JSONValue(parsing: $0.withoutByteOrderMark) }
        } catch {
            throw .unreadable("postback: not JSON")
        }
        try self.init(json: json)
        source = .postback
    }

    /// Reads the body of a postback and makes sure that the sender knows the app's secret.
    ///
    /// Throws `.invalidResponse` for a body that is no order update and `.unauthentic` for a wrong checksum; do
    /// nothing with such an update.
    public init(postback bytes: [UInt8], apiSecret: String) throws(KiteError) {
        try self.init(postback: bytes)
        guard isAuthentic(apiSecret: apiSecret) else {
            throw KiteError(.unauthentic, effect: .none, message: "postback: checksum does not match")
        }
    }

    /// Whether the checksum shows that the sender knows the app's secret; compared in constant time.
    public func isAuthentic(apiSecret: String) -> Bool {
        let expected = Array(Checksum.hex(order.orderID, orderTimestampText, apiSecret).utf8)
        let given = Array(checksum.utf8)
        guard expected.count == given.count else { return false }
        var difference: UInt8 = 0
        for (left, right) in zip(expected, given) { difference |= left ^ right }
        return difference == 0
    }
}
