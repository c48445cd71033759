import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import WebServer

/// An answer that something goes wrong with.
struct FaultyAnswer {
    let fault: Faults.Fault
    let faults: Faults
    let channel: any Channel

    /// The answer, or an error once the connection is closed.
    func response(_ answer: () async -> Response) async throws -> Response {
        if case .delay(let duration) = fault { try await Task.sleep(for: duration) }
        let right = fault.hasEffect ? await answer() : nil
        switch fault {
        case .status(let status, _):
            return Reply.failure(Self.refusal(status))
        case .page(let status, _):
            return Reply.page(
                "<html><head><title>\(status)</title></head><body><h1>\(status)</h1></body></html>",
                status: HTTPResponse.Status(code: status))
        case .stopAnswering:
            await faults.hold { release in
                channel.closeFuture.whenComplete { _ in release() }
            }
            return try await drop()
        case .dropConnection, .outage: return try await drop()
        case .emptyAnswer: return Response(status: .ok, headers: [.contentType: "application/json"])
        case .bareAnswer:
            guard let right, right.status.code < 400 else { return try await whole(right) }
            return Reply.success { writer in
                writer.beginObject()
                writer.endObject()
            }
        case .falseRefusal(let kind):
            // What was refused in truth is refused in truth.
            guard let right, right.status.code < 400 else { return right ?? Reply.failure(kind.refusal) }
            return Reply.failure(kind.refusal)
        case .truncateAnswer, .cutAnswer:
            guard let right else { return try await drop() }
            return try await cut(right)
        case .delayAnswer(let duration):
            try await Task.sleep(for: duration)
            return try await whole(right)
        default: return try await whole(right)
        }
    }

    /// What the broker says with a status.
    private static func refusal(_ status: Int) -> KiteRefusal {
        switch status {
        case 403: .session
        case 429: .tooManyRequests
        case 400..<500:
            KiteRefusal(status: status, kind: .input, message: "Invalid request.")
        case 502:
            KiteRefusal(status: status, kind: .data, message: "The order system gave an unknown answer.")
        case 503, 504:
            KiteRefusal(status: status, kind: .network, message: "The order system cannot be reached.")
        default: .internalFault
        }
    }

    private func whole(_ answer: Response?) async throws -> Response {
        guard let answer else { return try await drop() }
        return answer
    }

    /// The first half of an answer, as if that were all or as if the connection had broken.
    private func cut(_ answer: Response) async throws -> Response {
        let bytes = try await answer.body.collected()
        let half = bytes.getSlice(at: bytes.readerIndex, length: bytes.readableBytes / 2) ?? ByteBuffer()
        var headers = answer.headers
        headers[.contentLength] = nil
        guard fault == .cutAnswer else {
            return Response(status: answer.status, headers: headers, body: ResponseBody(byteBuffer: half))
        }
        // Whoever compresses answers would read this one to its end.
        headers[.cacheControl] = "no-transform"
        let channel = channel
        let body = ResponseBody(contentLength: bytes.readableBytes) { writer in
            try await writer.write(half)
            try? await channel.close().get()
            throw CancellationError()
        }
        return Response(status: answer.status, headers: headers, body: body)
    }

    /// Closes the connection; the answer that is made up finds nobody to go to.
    private func drop() async throws -> Response {
        // A channel that is closed already is what was wanted.
        try? await channel.close().get()
        return Response(status: .internalServerError)
    }
}
