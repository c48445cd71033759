import NIOCore
import NIOHTTP1
import NIOPosix

/// Waits on a loopback port for the browser to come back from Kite's login page with a request token.
///
/// The app's redirect address at Kite has to be `redirectURL`. It serves one path, once: open it, send the person to
/// `KiteClient.loginURL(redirectParameters: listener.redirectParameters)`, then call `requestToken(within:)`, which
/// closes it whatever happens. Requests without the right state are refused and the wait goes on. Nothing is logged.
public struct KiteLoginListener: Sendable {
    /// The port it listens on.
    public let port: Int
    /// The one path that is served.
    public let path: String
    /// The secret word that only the answer to this login carries.
    public let state: String

    private let server: any Channel
    private let connections: LoginConnections
    private let outcomes: AsyncStream<Result<String, KiteLoginError>>

    /// Takes a port on 127.0.0.1; 0 takes any free one.
    ///
    /// - Parameters:
    ///   - path: the path of the app's redirect address; starts with a slash.
    ///   - state: nil makes one of 256 random bits.
    public static func open(
        port: Int = 0, path: String = "/", state: String? = nil
    ) async throws(KiteLoginError) -> KiteLoginListener {
        guard path.hasPrefix("/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !path.contains("?") else {
            throw KiteLoginError(.settings, "The path of a redirect address starts with a slash and has no query.")
        }
        let state = state ?? randomState()
        let (outcomes, input) = AsyncStream.makeStream(
            of: Result<String, KiteLoginError>.self, bufferingPolicy: .bufferingOldest(1))
        let connections = LoginConnections()
        do {
            let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelOption(.backlog, value: 16)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        guard connections.add(channel) else { throw ChannelError.inputClosed }
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false)
                        try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(10)))
                        try pipeline.addHandler(
                            LoginListenerHandler(path: path, state: state, outcome: { input.yield($0) }))
                    }
                }
                .bind(host: "127.0.0.1", port: port).get()
            return KiteLoginListener(
                port: server.localAddress?.port ?? port, path: path, state: state, server: server,
                connections: connections, outcomes: outcomes)
        } catch {
            throw KiteLoginError(.port, "Port \(port) of 127.0.0.1 cannot be listened on; is it in use?")
        }
    }

    /// The address to register for the app at Kite.
    public var redirectURL: String { "http://127.0.0.1:\(port)\(path)" }

    /// What Kite has to hand back, for `KiteClient.loginURL(redirectParameters:)`.
    public var redirectParameters: [(name: String, value: String)] { [("state", state)] }

    /// Waits for the browser, then closes; call it once.
    ///
    /// Throws `.timeout` after the limit, `.declined` where the person did not finish, `.cancelled` with the task.
    public func requestToken(
        within limit: Duration = .seconds(300),
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) async throws(KiteLoginError) -> String {
        let outcome = await withTaskGroup(of: Result<String, KiteLoginError>.self) { group in
            group.addTask {
                for await outcome in outcomes { return outcome }
                return .failure(.cancellation)
            }
            group.addTask {
                do {
                    try await sleep(limit)
                    return .failure(KiteLoginError(.timeout, "Nobody came back from Kite's login page in time."))
                } catch {
                    return .failure(.cancellation)
                }
            }
            let first = await group.next() ?? .failure(.cancellation)
            group.cancelAll()
            return first
        }
        await close()
        return try outcome.get()
    }

    /// Stops listening; again does nothing.
    public func close() async {
        // A channel that is closed already says so by an error.
        try? await server.close()
        connections.closeAll()
    }

    private static func randomState() -> String {
        var random = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef")
        return String((0..<64).compactMap { _ in digits.randomElement(using: &random) })
    }
}

extension KiteLoginListener: CustomStringConvertible, CustomReflectable {
    /// The address; never the state.
    public var description: String { "KiteLoginListener(\(redirectURL))" }

    /// Shows nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
