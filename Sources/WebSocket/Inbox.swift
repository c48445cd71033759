import NIOCore
import Synchronization

/// Received messages waiting for their reader, with the connection's end behind the last one.
final class Inbox: Sendable {
    private struct State {
        var messages = CircularBuffer<WebSocketMessage>()
        var bytes = 0
        var isPaused = false
        var closure: WebSocketClosure?
        var readers: [(id: UInt64, continuation: CheckedContinuation<WebSocketMessage?, Never>)] = []
        var nextID: UInt64 = 0
        var resume: (@Sendable () -> Void)?
    }

    /// A message counts at least this much, so that empty ones cannot pile up without end.
    private static let leastCost = 256

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// What to call, off the lock, when reading may go on after `isPaused` was found true.
    func onResume(_ resume: @escaping @Sendable () -> Void) {
        state.withLock { $0.resume = $0.closure == nil ? resume : nil }
    }

    var closure: WebSocketClosure? { state.withLock { $0.closure } }

    /// Whether the network should rest until the reader has caught up; asking arms the resume call.
    func pauseIfFull() -> Bool {
        state.withLock { state in
            guard state.closure == nil, state.bytes >= limit else { return false }
            state.isPaused = true
            return true
        }
    }

    func deliver(_ message: WebSocketMessage) {
        let reader = state.withLock { state -> CheckedContinuation<WebSocketMessage?, Never>? in
            guard state.closure == nil else { return nil }
            if !state.readers.isEmpty { return state.readers.removeFirst().continuation }
            state.messages.append(message)
            state.bytes += max(message.byteCount, Self.leastCost)
            return nil
        }
        reader?.resume(returning: message)
    }

    /// Ends the sequence after what is already queued; only the first end counts.
    func finish(_ closure: WebSocketClosure) {
        let readers = state.withLock { state in
            guard state.closure == nil else { return state.readers.map(\.continuation) }
            state.closure = closure
            state.resume = nil
            defer { state.readers = [] }
            return state.readers.map(\.continuation)
        }
        for reader in readers { reader.resume(returning: nil) }
    }

    func next() async -> WebSocketMessage? {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                take(for: id, continuation)
            }
        } onCancel: {
            let reader = state.withLock { state in
                state.readers.firstIndex { $0.id == id }.map { state.readers.remove(at: $0).continuation }
            }
            reader?.resume(returning: nil)
        }
    }

    private func take(for id: UInt64, _ continuation: CheckedContinuation<WebSocketMessage?, Never>) {
        enum Outcome {
            case ready(WebSocketMessage?, resume: (@Sendable () -> Void)?)
            case waiting
        }
        let outcome = state.withLock { state -> Outcome in
            if Task.isCancelled { return .ready(nil, resume: nil) }
            if let message = state.messages.popFirst() {
                state.bytes -= max(message.byteCount, Self.leastCost)
                guard state.isPaused, state.bytes <= limit / 2 else { return .ready(message, resume: nil) }
                state.isPaused = false
                return .ready(message, resume: state.resume)
            }
            if state.closure != nil { return .ready(nil, resume: nil) }
            state.readers.append((id, continuation))
            return .waiting
        }
        if case .ready(let message, let resume) = outcome {
            resume?()
            continuation.resume(returning: message)
        }
    }
}

/// The messages of one connection, each delivered once; ends when the connection closes or the task is cancelled.
public struct WebSocketMessages: AsyncSequence, Sendable {
    /// What is delivered.
    public typealias Element = WebSocketMessage
    /// Nothing is thrown; `WebSocketConnection.closure` tells how it ended.
    public typealias Failure = Never

    let inbox: Inbox

    /// Another reader of the same queue.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(inbox: inbox) }

    /// Reads one message at a time; reading slowly slows the peer down.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let inbox: Inbox

        /// The next message, `nil` once the connection is closed and drained, or the task cancelled.
        public mutating func next() async -> WebSocketMessage? { await inbox.next() }

        /// The next message; the queue needs no isolation of its own.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> WebSocketMessage? {
            await inbox.next()
        }
    }
}
