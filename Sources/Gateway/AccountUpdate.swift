import Brokers
import Synchronization
import Trading

/// What clients of an account are told as it happens.
package enum AccountUpdate: Sendable, Hashable {
    /// An order changed.
    case order(Order)
    /// A position's size or worth changed.
    case position(Position)
    /// The connection to the broker came up or went down.
    case connection(BrokerConnection)
}

/// Hands every element to every subscriber; none is dropped for a subscriber that is still there.
package final class Broadcast<Element: Sendable>: Sendable {
    private struct State {
        var next = 0
        var subscribers: [Int: AsyncStream<Element>.Continuation] = [:]
        var isFinished = false
    }

    private let state = Mutex(State())

    /// Starts without subscribers.
    package init() {}

    /// A stream of everything sent from now on; over at once where nothing more is sent.
    package func subscribe() -> AsyncStream<Element> {
        let (stream, continuation) = AsyncStream.makeStream(of: Element.self, bufferingPolicy: .unbounded)
        let number: Int? = state.withLock { state in
            guard !state.isFinished else { return nil }
            state.next += 1
            state.subscribers[state.next] = continuation
            return state.next
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.remove(number) }
        return stream
    }

    /// Sends to all subscribers.
    package func send(_ element: Element) {
        let subscribers = state.withLock { Array($0.subscribers.values) }
        for subscriber in subscribers { subscriber.yield(element) }
    }

    /// Ends all streams.
    package func finish() {
        let subscribers = state.withLock { state in
            defer { state.subscribers = [:] }
            state.isFinished = true
            return Array(state.subscribers.values)
        }
        for subscriber in subscribers { subscriber.finish() }
    }

    private func remove(_ number: Int) {
        state.withLock { $0.subscribers[number] = nil }
    }
}
