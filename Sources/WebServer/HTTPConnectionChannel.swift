import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// HTTP/1.1 connections that a route can turn into WebSockets; also usable with Hummingbird's own `Application`.
package struct HTTPConnectionChannel: ServerChildChannel {
    /// A connection as a stream of request and response parts.
    package typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    private let responder: HTTPChannelHandler.Responder
    private let options: HTTPConnectionOptions

    /// Connections whose requests `responder` answers.
    package init(responder: @escaping HTTPChannelHandler.Responder, options: HTTPConnectionOptions = .init()) {
        self.responder = responder
        self.options = options
    }

    /// Adds the handlers to a new connection.
    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            try HTTPConnectionHandler.install(on: channel, options: options)
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
    }

    /// Answers requests one after the other until the connection ends.
    package func handle(value: Value, logger: Logger) async {
        guard options.runsOnEventLoop else { return await serve(value, logger) }
        await withTaskExecutorPreference(EventLoopTaskExecutor(value.channel.eventLoop)) {
            await serve(value, logger)
        }
    }

    private func serve(_ connection: Value, _ logger: Logger) async {
        let channel = connection.channel
        do {
            try await withTaskCancellationHandler {
                try await connection.executeThenClose { inbound, outbound in
                    do {
                        try await answer(RequestParts(inbound, outbound: outbound), outbound, channel)
                    } catch is HTTPParserError {
                        // The connection's handler has answered and closes.
                    }
                    outbound.finish()
                    try await channel.closeFuture.get()
                }
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch {
            logger.debug("connection ended", metadata: ["reason": "\(error)"])
        }
    }

    private func answer(
        _ parts: RequestParts, _ outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>, _ channel: any Channel
    ) async throws {
        while let request = try await parts.nextRequest() {
            try await responder(request, ResponseWriter(outbound: outbound), channel)
            try await parts.skipRest()
        }
    }
}

extension HTTPServerBuilder {
    /// The connections of this module, for Hummingbird's `Application(router:server:)`.
    package static func http1WithWebSockets(options: HTTPConnectionOptions = .init()) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in HTTPConnectionChannel(responder: responder, options: options) }
    }
}
