import NIOCore
import Synchronization

/// What became of an offered frame.
public enum SendOutcome: Sendable, Equatable {
    /// Queued; it will be written unless the connection ends first.
    case accepted
    /// The peer reads too slowly: queueing it would exceed the send buffer. Not queued.
    case slow
    /// The connection is closed or closing. Not queued.
    case closed
}

/// Frames between the tasks that send and the event loop that writes; bounded in bytes.
final class Outbox: Sendable {
    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var frames: [ByteBuffer] = []
        /// Queued bytes and bytes handed to the channel but not yet to the kernel.
        var pendingBytes = 0
        /// Whether the event loop already knows that there is something to write.
        var isScheduled = false
        var isClosed = false
        var waiters: [Waiter] = []
        var nextID: UInt64 = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    var pendingBytes: Int { state.withLock { $0.pendingBytes } }

    /// Queues `bytes` if they fit; `wake` tells that the event loop has to be told.
    func offer(_ bytes: ByteBuffer) -> (outcome: SendOutcome, wake: Bool) {
        state.withLock { state in
            if state.isClosed { return (.closed, false) }
            let size = bytes.readableBytes
            guard state.pendingBytes + size <= limit else { return (.slow, false) }
            state.frames.append(bytes)
            state.pendingBytes += size
            let wake = !state.isScheduled
            state.isScheduled = true
            return (.accepted, wake)
        }
    }

    /// Suspends until `bytes` fit, the outbox closes or the task is cancelled.
    func waitForRoom(_ bytes: Int) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state in
                    if state.isClosed || Task.isCancelled || state.pendingBytes + bytes <= limit { return true }
                    state.waiters.append(Waiter(id: id, continuation: continuation))
                    return false
                }
                if ready { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume()
        }
    }

    /// Everything queued, for writing now; the next offer wakes the event loop again.
    func take() -> [ByteBuffer] {
        state.withLock { state in
            state.isScheduled = false
            defer { state.frames = [] }
            return state.frames
        }
    }

    /// Frees the room of bytes that the kernel has taken.
    func didWrite(_ bytes: Int) {
        let waiters = state.withLock { state -> [Waiter] in
            state.pendingBytes -= bytes
            guard !state.waiters.isEmpty, state.pendingBytes <= limit / 2 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    /// Refuses further frames and lets waiting senders find that out; what is queued stays.
    func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume() }
    }
}

/// Decides when a connection with something to write may write: at once while it is quiet, spaced when it is busy.
struct FlushPacer {
    /// Writes that leave at once within one interval; an order update and what follows it fit in.
    static let burst = 4

    private let interval: TimeAmount
    private var windowEnd = NIODeadline.uptimeNanoseconds(0)
    private var flushes = 0

    init(interval: TimeAmount) {
        self.interval = interval
    }

    /// `nil` when writing now is right, otherwise when to come back.
    mutating func delay(now: NIODeadline) -> NIODeadline? {
        if now >= windowEnd {
            windowEnd = now + interval
            flushes = 0
        }
        guard flushes < Self.burst else { return windowEnd }
        flushes += 1
        return nil
    }
}
