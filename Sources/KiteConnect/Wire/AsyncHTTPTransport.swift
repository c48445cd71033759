import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// Sends requests through an `HTTPClient` and reports faults as values.
struct AsyncHTTPTransport: HTTPTransport {
    private let client: HTTPClient
    private let tls: TLSConfiguration

    /// A transport that checks every certificate and host name, whatever the client's own settings say.
    init(client: HTTPClient, additionalTrustRoots: [NIOSSLCertificate] = []) {
        self.client = client
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .fullVerification
        if !additionalTrustRoots.isEmpty { tls.additionalTrustRoots = [.certificates(additionalTrustRoots)] }
        self.tls = tls
    }

    func send(_ request: PreparedRequest) async -> WireOutcome {
        let deadline = ContinuousClock.now.advanced(by: request.timeout)
        let evidence = SendEvidence(hasBody: request.body != nil, leaves: request.leaves)
        let response: HTTPClientResponse
        do {
            response = try await client.execute(
                clientRequest(request, evidence: evidence), deadline: .now() + TimeAmount(request.timeout))
        } catch {
            return Self.outcome(of: error, evidence: evidence)
        }
        guard response.history.count < 2 else { return .noAnswer(.redirected) }
        let body = await Self.collect(response, limit: request.bodyLimit, deadline: deadline)
        return .answer(WireAnswer(status: Int(response.status.code), body: body))
    }

    private func clientRequest(_ request: PreparedRequest, evidence: SendEvidence) -> HTTPClientRequest {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.tlsConfiguration = tls
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for header in request.headers { outgoing.headers.add(name: header.name, value: header.value) }
        if let body = request.body {
            outgoing.body = .stream(
                WitnessedBody(buffer: body, evidence: evidence), length: .known(Int64(body.readableBytes)))
        }
        return outgoing
    }

    private static func collect(
        _ response: HTTPClientResponse, limit: Int, deadline: ContinuousClock.Instant
    ) async -> WireAnswer.Body {
        await withTaskGroup(of: WireAnswer.Body.self) { group in
            group.addTask { await read(response, limit: limit) }
            group.addTask {
                do {
                    try await Task.sleep(until: deadline, clock: .continuous)
                    return .cut(.timeout)
                } catch {
                    return .cut(.cancelled)
                }
            }
            let first = await group.next() ?? .cut(.cancelled)
            group.cancelAll()
            return first
        }
    }

    private static func read(_ response: HTTPClientResponse, limit: Int) async -> WireAnswer.Body {
        if let announced = response.headers.first(name: "content-length").flatMap({ Int($0) }), announced > limit {
            return .tooLarge(limit: limit)
        }
        var collected = ByteBuffer()
        do {
            for try await var chunk in response.body {
                guard collected.readableBytes + chunk.readableBytes <= limit else { return .tooLarge(limit: limit) }
                if collected.readableBytes == 0 { collected = chunk } else { collected.writeBuffer(&chunk) }
            }
        } catch {
            return .cut(Task.isCancelled ? .cancelled : .connectionLost)
        }
        return Task.isCancelled ? .cut(.cancelled) : .complete(collected)
    }

    /// What an error of the HTTP client says about the request's journey.
    private static func outcome(of error: any Error, evidence: SendEvidence) -> WireOutcome {
        if let fault = connectFault(error) { return .neverSent(fault) }
        let fault: WireFault
        switch error {
        case let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout:
            fault = evidence.provesUnsent ? .poolTimeout : .timeout
        case let error as HTTPClientError where error == .cancelled: fault = .cancelled
        case is CancellationError: fault = .cancelled
        case let error as HTTPParserError: fault = error == .invalidEOFState ? .connectionLost : .malformed
        default: fault = .connectionLost
        }
        return evidence.provesUnsent ? .neverSent(fault) : .noAnswer(fault)
    }

    /// The fault of an error that can only come before a request's first byte; nil for any other error.
    private static func connectFault(_ error: any Error) -> WireFault? {
        switch error {
        case is NIOConnectionError: return .connectFailed
        case is NIOSSLExtraError: return .tlsFailed
        case let error as NIOSSLError:
            if case .handshakeFailed = error { return .tlsFailed }
            return nil
        case let error as ChannelError:
            if case .connectTimeout = error { return .connectTimeout }
            return nil
        case let error as HTTPClientError: return clientFault(error)
        default: return nil
        }
    }

    private static func clientFault(_ error: HTTPClientError) -> WireFault? {
        let beforeConnecting: [HTTPClientError] = [
            .invalidURL, .emptyHost, .emptyScheme, .missingSocketPath, .alreadyShutdown, .proxyAuthenticationRequired,
            .invalidProxyResponse,
        ]
        let whileConnecting: [HTTPClientError] = [
            .connectTimeout, .tlsHandshakeTimeout, .socksHandshakeTimeout, .httpProxyHandshakeTimeout,
        ]
        if error == .getConnectionFromPoolTimeout { return .poolTimeout }
        if whileConnecting.contains(error) { return .connectTimeout }
        if beforeConnecting.contains(error) { return .connectFailed }
        return nil
    }
}

/// Whether a request's body was ever asked for; while it was not, no server can have a complete request.
private final class SendEvidence: Sendable {
    private let hasBody: Bool
    private let leaves: (@Sendable () -> Void)?
    private let bodyWasAskedFor = Atomic(false)

    init(hasBody: Bool, leaves: (@Sendable () -> Void)?) {
        self.hasBody = hasBody
        self.leaves = leaves
    }

    var provesUnsent: Bool { hasBody && !bodyWasAskedFor.load(ordering: .acquiring) }

    func bodyIsAskedFor() {
        if !bodyWasAskedFor.exchange(true, ordering: .acquiringAndReleasing) { leaves?() }
    }
}

/// A body of one buffer that leaves a note when the connection asks for it.
private struct WitnessedBody: AsyncSequence, Sendable {
    let buffer: ByteBuffer
    let evidence: SendEvidence

    struct AsyncIterator: AsyncIteratorProtocol {
        var buffer: ByteBuffer?
        let evidence: SendEvidence

        mutating func next() async -> ByteBuffer? {
            evidence.bodyIsAskedFor()
            defer { buffer = nil }
            return buffer
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(buffer: buffer, evidence: evidence)
    }
}

extension HTTPClient.Configuration {
    /// Settings that suit Kite: HTTP/1.1, no redirects, no proxy, certificates checked, failures reported at once.
    ///
    /// A connection attempt ends after three seconds, well within the total time of a call, so that "never sent"
    /// and "not answered" stay apart.
    public static var kite: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(3)),
            decompression: .disabled)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 16
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }
}
