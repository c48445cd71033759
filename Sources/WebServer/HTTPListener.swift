import Glibc
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// A bound address that serves a router; a `Service`, so that one group runs several.
///
/// `bind` takes the address, and from then on connections wait in the system's queue; `run` answers them.
package final class HTTPListener: Service, CustomStringConvertible {
    /// What the listener is called in logs.
    package let name: String
    /// The host that was asked for.
    package let host: String
    /// The port in use, also when 0 was asked for.
    package let port: Int

    private let channel: any Channel
    private let accepted: AsyncStream<HTTPConnectionChannel.Value>
    private let registry: ConnectionRegistry
    private let connections: HTTPConnectionChannel
    private let drainTimeout: Duration
    /// Yields when a graceful stop has taken too long.
    private let deadlines: AsyncStream<Void>
    private let overtime: AsyncStream<Void>.Continuation
    private let logger: Logger

    private init(
        name: String, host: String, port: Int, channel: any Channel,
        accepted: AsyncStream<HTTPConnectionChannel.Value>, registry: ConnectionRegistry,
        connections: HTTPConnectionChannel, drainTimeout: Duration, logger: Logger
    ) {
        self.name = name
        self.host = host
        self.port = port
        self.channel = channel
        self.accepted = accepted
        self.registry = registry
        self.connections = connections
        self.drainTimeout = drainTimeout
        self.logger = logger
        (deadlines, overtime) = AsyncStream.makeStream()
    }

    deinit {
        channel.close(promise: nil)
    }

    /// `http://host:port`, with the port in use.
    package var url: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// Connections open now.
    package var connectionCount: Int { registry.count }

    /// Name and address.
    package var description: String { "\(name) on \(host) port \(port)" }

    /// Takes the address for `router`; port 0 takes any free one.
    package static func bind<Builder: HTTPResponderBuilder>(
        name: String, host: String, port: Int, router: Builder, options: HTTPConnectionOptions = .init(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger
    ) async throws(ListenerError) -> HTTPListener
    where Builder.Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        let connections = HTTPConnectionChannel(
            responder: responder(router.buildResponder(), logger: logger), options: options)
        let registry = ConnectionRegistry(limit: options.maxConnections)
        let (accepted, sink) = AsyncStream.makeStream(of: HTTPConnectionChannel.Value.self)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { child in
                if registry.isFull { return child.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel) }
                return connections.setup(channel: child, logger: logger).map { connection in
                    registry.insert(connection)
                    if case .terminated = sink.yield(connection) { child.close(promise: nil) }
                }
            }
        do {
            let channel = try await bootstrap.bind(host: host, port: port).get()
            channel.closeFuture.whenComplete { _ in sink.finish() }
            return HTTPListener(
                name: name, host: host, port: channel.localAddress?.port ?? port, channel: channel,
                accepted: accepted, registry: registry, connections: connections,
                drainTimeout: options.drainTimeout, logger: logger)
        } catch {
            throw ListenerError(error, host: host, port: port)
        }
    }

    /// Serves until the task is cancelled or asked to shut down gracefully; then requests in flight are finished, and
    /// what is not done after `drainTimeout` is cancelled.
    package func run() async throws {
        try await channel.setOption(.autoRead, value: true).get()
        channel.read()
        logger.info("listening", metadata: ["listener": "\(name)", "url": "\(url)"])
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await serve()
            } onGracefulShutdown: {
                self.drain()
            }
        } onCancel: {
            channel.close(promise: nil)
            registry.closeAll()
        }
        logger.info("stopped", metadata: ["listener": "\(name)"])
    }

    /// Gives the address back without serving; for a start that failed elsewhere.
    package func close() async {
        // A channel that is closed already is what was wanted.
        try? await channel.close().get()
    }

    private func serve() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await self.answerConnections()
                self.overtime.finish()
            }
            for await _ in deadlines { group.cancelAll() }
        }
        // The end can leave accepted connections that no task has taken.
        registry.closeAll()
    }

    private func answerConnections() async {
        await withDiscardingTaskGroup { group in
            for await connection in accepted {
                group.addTask { [connections, logger] in
                    await connections.handle(value: connection, logger: logger)
                }
            }
        }
    }

    private func drain() {
        channel.close(promise: nil)
        registry.quiesce()
        channel.eventLoop.scheduleTask(in: TimeAmount(drainTimeout)) { [registry, overtime] in
            registry.closeAll()
            overtime.yield()
        }
    }

    private static func responder<Responder: HTTPResponder>(
        _ responder: Responder, logger: Logger
    ) -> HTTPChannelHandler.Responder
    where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        let date = HTTPDateCache { time(nil) }
        return { request, writer, channel in
            var requestLogger = logger
            requestLogger[metadataKey: "hb.request.id"] = .stringConvertible(RequestID())
            let context = Responder.Context(source: .init(channel: channel, logger: requestLogger))
            var response: Response
            do {
                response = try await responder.respond(to: request, context: context)
            } catch let error as HTTPParserError {
                throw error
            } catch {
                requestLogger.error("request failed", metadata: ["error": "\(error)"])
                response = Response(status: .internalServerError)
            }
            response.headers[.date] = date.text
            try await writer.write(response: response.head, body: response.body)
        }
    }
}
