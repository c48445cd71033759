import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Opens WebSocket connections; cheap to keep, safe to share.
public struct WebSocketClient: Sendable {
    private let group: any EventLoopGroup
    private let additionalTrustRoots: [NIOSSLCertificate]

    /// A client on `group`; `additionalTrustRoots` are accepted beside the system's. Certificates are always verified.
    public init(
        _ group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        additionalTrustRoots: [NIOSSLCertificate] = []
    ) {
        self.group = group
        self.additionalTrustRoots = additionalTrustRoots
    }

    /// Connects, negotiates TLS for `wss`, and upgrades; all of it within `timeout`.
    public func connect(
        to url: String, headers: HTTPHeaders = [:], options: WebSocketOptions = WebSocketOptions(),
        timeout: Duration = .seconds(10)
    ) async throws(WebSocketConnectError) -> WebSocketConnection {
        let address = try WebSocketURL(url)
        let tls = address.isSecure ? try tlsContext() : nil
        let request = ClientHandshakeHandler.Request(address: address, headers: headers, options: options)
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(TimeAmount(timeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        do {
            let channel = try await bootstrap.connect(host: address.host, port: address.port).get()
            // Only now: a name with several addresses is tried on several channels, and one of them is kept.
            let opened = channel.eventLoop.flatSubmit {
                let promise = channel.eventLoop.makePromise(of: WebSocketConnection.self)
                do {
                    if let tls { try Self.addTLS(tls, host: address.host, to: channel) }
                    try ClientHandshakeHandler.install(
                        on: channel, request: request, deadline: deadline, promise: promise)
                } catch {
                    promise.fail(error)
                    channel.close(promise: nil)
                }
                return promise.futureResult
            }
            return try await withTaskCancellationHandler {
                try await opened.get()
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch {
            throw Task.isCancelled ? .cancelled : Self.reason(for: error)
        }
    }

    private func tlsContext() throws(WebSocketConnectError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .fullVerification
        configuration.applicationProtocols = ["http/1.1"]
        if !additionalTrustRoots.isEmpty {
            configuration.additionalTrustRoots = [.certificates(additionalTrustRoots)]
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .tlsFailed("\(error)")
        }
    }

    private static func addTLS(_ context: NIOSSLContext, host: String, to channel: any Channel) throws {
        // An address is not a name: it is checked against the certificate, but not sent (RFC 6066, section 3).
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        let handler = try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    static func reason(for error: any Error) -> WebSocketConnectError {
        switch error {
        case let known as WebSocketConnectError: return known
        case ChannelError.connectTimeout: return .timedOut
        case let failed as NIOConnectionError:
            if failed.connectionErrors.contains(where: { ($0.error as? ChannelError)?.isConnectTimeout == true }) {
                return .timedOut
            }
            guard let first = failed.connectionErrors.first else {
                return .connectFailed("the name \(failed.host) did not resolve")
            }
            return .connectFailed("\(first.error)")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: return .tlsFailed("\(error)")
        default: return .connectFailed("\(error)")
        }
    }
}

extension ChannelError {
    fileprivate var isConnectTimeout: Bool {
        if case .connectTimeout = self { return true }
        return false
    }
}
