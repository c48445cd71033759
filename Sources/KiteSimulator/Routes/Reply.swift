import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// Answers in Kite's envelope. Source: Kite Connect, response structure.
enum Reply {
    /// A success with the data that `write` makes.
    static func success(
        reserving capacity: Int = 512, _ write: (inout JSONWriter) throws -> Void
    ) rethrows -> Response {
        var writer = JSONWriter(reservingCapacity: capacity)
        writer.beginObject()
        writer.key("status")
        writer.value("success")
        writer.key("data")
        try write(&writer)
        writer.endObject()
        return json(.ok, writer)
    }

    /// A success with a list of rows; an empty one is `[]`.
    static func list<Row>(_ rows: some Collection<Row>, _ write: (inout JSONWriter, Row) -> Void) -> Response {
        success(reserving: 64 + rows.count * 900) { writer in
            writer.beginArray()
            for row in rows { write(&writer, row) }
            writer.endArray()
        }
    }

    /// A success with an order's number.
    static func orderID(_ id: String) -> Response {
        success(reserving: 96) { writer in
            writer.beginObject()
            writer.key("order_id")
            writer.value(id)
            writer.endObject()
        }
    }

    /// A refusal.
    static func failure(_ refusal: KiteRefusal) -> Response {
        var writer = JSONWriter(reservingCapacity: 256)
        writer.beginObject()
        writer.key("status")
        writer.value("error")
        writer.refusalFields(refusal)
        writer.endObject()
        return json(HTTPResponse.Status(code: refusal.status), writer)
    }

    /// A page for a person's browser.
    static func page(_ html: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    private static func json(_ status: HTTPResponse.Status, _ writer: JSONWriter) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }
}

extension JSONWriter {
    /// Writes what an error tells besides that it is one.
    mutating func refusalFields(_ refusal: KiteRefusal) {
        key("message")
        value(refusal.message)
        key("error_type")
        value(refusal.kind.rawValue)
        key("data")
        null()
    }
}
