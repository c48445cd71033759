import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// Finished JSON as an answer that nobody between us and the client may keep.
enum JSONAnswer {
    static func response(_ writer: JSONWriter, status: HTTPResponse.Status = .ok) -> Response {
        response(ByteBuffer(bytes: writer.bytes), status: status)
    }

    static func response(_ bytes: ByteBuffer, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: bytes))
    }
}
