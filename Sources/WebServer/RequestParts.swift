import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOHTTPTypes

/// The stream of request parts of one connection, cut into requests.
///
/// `@unchecked Sendable`: a request's body has to be `Sendable` for Hummingbird, but the connection's task and the
/// handler it awaits are the only ones to touch it, one after the other.
final class RequestParts: @unchecked Sendable {
    private enum Position {
        case betweenRequests
        case inBody
    }

    private var iterator: NIOAsyncChannelInboundStream<HTTPRequestPart>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>
    private var position = Position.betweenRequests
    private var owesContinue = false

    init(
        _ inbound: NIOAsyncChannelInboundStream<HTTPRequestPart>,
        outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>
    ) {
        iterator = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// The next request, its body unread; `nil` when the client has ended the connection.
    func nextRequest() async throws -> Request? {
        guard let part = try await iterator.next(), case .head(let head) = part else { return nil }
        position = .inBody
        owesContinue = head.headerFields[.expect]?.lowercased() == "100-continue"
        let hasBody = head.headerFields[.contentLength] != nil || head.headerFields[.transferEncoding] != nil
        return Request(
            head: head,
            body: hasBody ? RequestBody(asyncSequence: BodyBytes(parts: self)) : RequestBody(buffer: ByteBuffer()))
    }

    func nextBytes() async throws -> ByteBuffer? {
        guard position == .inBody else { return nil }
        if owesContinue {
            // Only a handler that wants the body asks for it (RFC 9110, section 10.1.1).
            owesContinue = false
            try await outbound.write(.head(HTTPResponse(status: .continue)))
        }
        guard let part = try await iterator.next(), case .body(let bytes) = part else {
            position = .betweenRequests
            return nil
        }
        return bytes
    }

    /// Reads past what the handler left of the body.
    func skipRest() async throws {
        owesContinue = false
        while try await nextBytes() != nil {}
    }
}

/// A request's body as Hummingbird takes it.
private struct BodyBytes: AsyncSequence, Sendable {
    let parts: RequestParts

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(parts: parts) }

    struct AsyncIterator: AsyncIteratorProtocol {
        let parts: RequestParts

        mutating func next() async throws -> ByteBuffer? { try await parts.nextBytes() }
    }
}
