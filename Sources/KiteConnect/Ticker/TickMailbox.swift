import Synchronization

/// The latest packet of each instrument, handed to one reader; never more than one packet an instrument waits.
package final class TickMailbox: Sendable {
    private struct Slot {
        var tick: Tick?
        /// When the tick came; before the first, when the instrument was asked for.
        var receivedAt: Duration
        var isWaiting = false
    }

    private struct State {
        var places: [UInt32: Int] = [:]
        var slots: [Slot] = []
        var free: [Int] = []
        var waiting: [Int] = []
        var reader: CheckedContinuation<[Tick]?, Never>?
        var isFinished = false

        mutating func takeBatch() -> [Tick]? {
            if waiting.isEmpty { return nil }
            var batch: [Tick] = []
            batch.reserveCapacity(waiting.count)
            for place in waiting where slots[place].isWaiting {
                slots[place].isWaiting = false
                if let tick = slots[place].tick { batch.append(tick) }
            }
            waiting.removeAll(keepingCapacity: true)
            return batch.isEmpty ? nil : batch
        }

        mutating func put(_ tick: borrowing Tick, at time: Duration) {
            guard let place = places[tick.instrumentToken] else { return }
            slots[place].tick = copy tick
            slots[place].receivedAt = time
            if !slots[place].isWaiting {
                slots[place].isWaiting = true
                waiting.append(place)
            }
        }
    }

    private let state = Mutex(State())

    /// A mailbox without instruments.
    package init() {}

    /// Makes room for an instrument; packets of others are dropped, so memory is bounded by the subscriptions.
    package func open(_ tokens: some Sequence<UInt32>, at time: Duration) {
        state.withLock { state in
            for token in tokens where state.places[token] == nil {
                if let place = state.free.popLast() {
                    state.places[token] = place
                    state.slots[place] = Slot(receivedAt: time)
                } else {
                    state.places[token] = state.slots.count
                    state.slots.append(Slot(receivedAt: time))
                }
            }
        }
    }

    /// Forgets instruments and their waiting packets.
    func close(_ tokens: some Sequence<UInt32>) {
        state.withLock { state in
            for token in tokens {
                guard let place = state.places.removeValue(forKey: token) else { continue }
                state.slots[place] = Slot(receivedAt: .zero)
                state.free.append(place)
            }
            // A place may be filled anew before the next batch, so none must stay behind in the queue.
            state.waiting.removeAll { !state.slots[$0].isWaiting }
        }
    }

    /// Takes the packets of a binary message.
    @discardableResult
    package func deliver(_ message: UnsafeRawBufferPointer, at time: Duration) -> TickDecoder.Summary {
        let (summary, reader, batch) = state.withLock { state in
            let summary = TickDecoder.decode(message) { tick in state.put(tick, at: time) }
            guard let reader = state.reader, let batch = state.takeBatch() else {
                return (summary, nil as CheckedContinuation<[Tick]?, Never>?, nil as [Tick]?)
            }
            state.reader = nil
            return (summary, reader, batch)
        }
        reader?.resume(returning: batch)
        return summary
    }

    /// The latest packet of an instrument and when it came.
    func latest(_ token: UInt32) -> (tick: Tick, receivedAt: Duration)? {
        state.withLock { state in
            guard let place = state.places[token], let tick = state.slots[place].tick else { return nil }
            return (tick, state.slots[place].receivedAt)
        }
    }

    /// The instruments without a packet for longer than a time, in no order; those that never had one included.
    func stale(olderThan limit: Duration, at time: Duration) -> [UInt32] {
        state.withLock { state in
            state.places.filter { time - state.slots[$0.value].receivedAt > limit }.map(\.key)
        }
    }

    /// Waits for packets; nil once finished, when the task is cancelled, or when another reader waits already.
    func next() async -> [Tick]? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: [Tick]?? = state.withLock { state in
                    if let batch = state.takeBatch() { return .some(batch) }
                    if state.isFinished || Task.isCancelled || state.reader != nil { return .some(nil) }
                    state.reader = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            takeReader()?.resume(returning: nil)
        }
    }

    /// Ends the stream; packets that wait are still handed out.
    func finish() {
        state.withLock { $0.isFinished = true }
        takeReader()?.resume(returning: nil)
    }

    private func takeReader() -> CheckedContinuation<[Tick]?, Never>? {
        state.withLock { state in
            defer { state.reader = nil }
            return state.reader
        }
    }
}

/// Batches of ticks, the latest of each instrument since the batch before; read them from one task.
///
/// A slow reader misses intermediate ticks of an instrument, never the latest, and costs no memory.
public struct KiteTickStream: AsyncSequence, Sendable {
    /// At most one tick an instrument; never empty.
    public typealias Element = [Tick]
    /// Nothing is thrown.
    public typealias Failure = Never

    let mailbox: TickMailbox

    /// Reads on from where the last reader stopped.
    public func makeAsyncIterator() -> Iterator { Iterator(mailbox: mailbox) }

    /// Takes one batch after the other.
    public struct Iterator: AsyncIteratorProtocol {
        let mailbox: TickMailbox

        /// The next batch; nil once the ticker has stopped or the task is cancelled.
        public mutating func next() async -> [Tick]? { await mailbox.next() }

        /// The next batch; the queue needs no isolation of its own.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> [Tick]? { await mailbox.next() }
    }
}
