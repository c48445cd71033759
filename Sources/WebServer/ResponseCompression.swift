import Gzip
import HTTPTypes
import Hummingbird
import NIOCore

/// Compresses text and JSON answers over a kilobyte with gzip for clients that accept it.
///
/// Bodies of unknown length stream through untouched, and so do HEAD, 101 and 206 answers and encoded ones.
package struct ResponseCompression<Context: RequestContext>: RouterMiddleware {
    private let minimumBytes: Int
    private let maximumBytes: Int

    /// Bodies over `minimumBytes` and up to `maximumBytes` are compressed; larger ones would hold a thread too long.
    package init(minimumBytes: Int = 1024, maximumBytes: Int = 8 << 20) {
        self.minimumBytes = minimumBytes
        self.maximumBytes = maximumBytes
    }

    /// Compresses the answer where that is due.
    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await answer(request, context, next)
        guard let length = response.body.contentLength, length > minimumBytes, length <= maximumBytes,
            request.method != .head, isCompressible(response)
        else { return response }
        response.headers.addVary("Accept-Encoding")
        guard AcceptEncoding(request.headers[values: .acceptEncoding]).allowsGzip else { return response }
        response.body = ResponseBody(byteBuffer: GzipCodec.compress(try await response.body.collected()))
        response.headers[.contentLength] = String(response.body.contentLength ?? 0)
        response.headers[.contentEncoding] = "gzip"
        if let tag = response.headers[.eTag], !tag.hasPrefix("W/") { response.headers[.eTag] = "W/" + tag }
        return response
    }

    private func isCompressible(_ response: Response) -> Bool {
        switch response.status.code {
        case ..<200, 204, 206, 304: return false
        default: break
        }
        guard response.headers[.contentEncoding] == nil,
            response.headers[.cacheControl] == nil || !response.headers.lists("no-transform", in: .cacheControl),
            let type = response.headers[.contentType]?.utf8.prefix(while: { $0 != UInt8(ascii: ";") })
        else { return false }
        if type.equalsIgnoringCase("application/json") { return true }
        return isCompressible(type: String(Substring(type)).lowercased())
    }

    private func isCompressible(type: String) -> Bool {
        type.hasPrefix("text/") && type != "text/event-stream" || type.hasSuffix("json")
            || type.hasSuffix("javascript") || type == "image/svg+xml"
    }
}

/// What a client accepts (RFC 9110, section 12.5.3).
struct AcceptEncoding {
    /// Whether gzip is acceptable; without the header nothing is assumed.
    let allowsGzip: Bool

    init(_ values: [String]) {
        var gzip: Bool?
        var any: Bool?
        for item in values.flatMap({ $0.split(separator: ",") }) {
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let coding = parts.first else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            switch coding {
            case "gzip", "x-gzip": gzip = quality > 0
            case "*": any = quality > 0
            default: break
            }
        }
        allowsGzip = gzip ?? any ?? false
    }
}

extension ResponseBody {
    /// The whole body; only for bodies that are small by nature.
    package func collected() async throws -> ByteBuffer {
        let sink = BodySink()
        try await write(BodySink.Writer(sink: sink))
        return sink.bytes
    }
}

/// Collects a body.
///
/// `@unchecked Sendable`: written by the one task that writes the body, read by the same task afterwards.
private final class BodySink: @unchecked Sendable {
    var bytes = ByteBuffer()

    struct Writer: ResponseBodyWriter {
        let sink: BodySink

        mutating func write(_ buffer: ByteBuffer) async throws {
            if sink.bytes.readableBytes == 0 {
                sink.bytes = buffer
            } else {
                sink.bytes.writeImmutableBuffer(buffer)
            }
        }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}
