import NIOCore
import Synchronization

/// The open connections of a listener, so that they can be drained and none is lost.
final class ConnectionRegistry: Sendable {
    typealias Connection = HTTPConnectionChannel.Value

    private struct State {
        var connections: [ObjectIdentifier: Connection] = [:]
        var isQuiescing = false
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { state.withLock { $0.connections.count } }
    var isFull: Bool { state.withLock { $0.connections.count >= limit } }

    /// Keeps a connection until it is closed.
    func insert(_ connection: Connection) {
        let id = ObjectIdentifier(connection.channel)
        let isQuiescing = state.withLock { state in
            state.connections[id] = connection
            return state.isQuiescing
        }
        connection.channel.closeFuture.whenComplete { _ in
            _ = self.state.withLock { $0.connections.removeValue(forKey: id) }
        }
        if isQuiescing { Self.quiesce(connection) }
    }

    /// Asks every connection, and every later one, to end when its requests are answered.
    func quiesce() {
        let connections = state.withLock { state in
            state.isQuiescing = true
            return Array(state.connections.values)
        }
        for connection in connections { Self.quiesce(connection) }
    }

    /// Cuts what is left.
    func closeAll() {
        let connections = state.withLock { Array($0.connections.values) }
        for connection in connections { connection.channel.close(promise: nil) }
    }

    private static func quiesce(_ connection: Connection) {
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }
}
