import NIOCore
import Synchronization

@testable import KiteConnect

/// A clock that stands still until told to go on.
final class ManualTime: Sendable {
    private struct Sleeper {
        let id: Int
        let due: Duration
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Duration.zero
        var nextID = 0
        var cancelled: Set<Int> = []
        var sleepers: [Sleeper] = []
    }

    private let state = Mutex(State())

    /// A ticker's timing on this clock; chance always gives the same number.
    func timing(random: Double = 0) -> KiteTickerTiming {
        KiteTickerTiming(
            now: { self.now }, sleep: { try await self.sleep($0) }, random: { random })
    }

    var now: Duration { state.withLock { $0.now } }

    /// When the sleepers are due, soonest first.
    var dueTimes: [Duration] { state.withLock { $0.sleepers.map(\.due).sorted() } }

    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now += duration
            let due = state.sleepers.filter { $0.due <= state.now }
            state.sleepers.removeAll { $0.due <= state.now }
            return due
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Returns once somebody sleeps until exactly a moment.
    func untilSomebodySleeps(until due: Duration) async {
        while !dueTimes.contains(due) { await Task.yield() }
    }

    private func sleep(_ duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return true }
                    state.sleepers.append(Sleeper(id: id, due: state.now + duration, continuation: continuation))
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}

/// A connection whose other end is the test.
final class FakeLink: TickerLink {
    /// What the ticker sent.
    let sent: AsyncStream<String>
    private let sentContinuation: AsyncStream<String>.Continuation
    private let frames: AsyncStream<TickerFrame>
    private let frameContinuation: AsyncStream<TickerFrame>.Continuation

    init() {
        (sent, sentContinuation) = AsyncStream.makeStream()
        (frames, frameContinuation) = AsyncStream.makeStream()
    }

    func push(_ text: String) { frameContinuation.yield(.text(text)) }

    func push(_ bytes: [UInt8]) { frameContinuation.yield(.binary(ByteBuffer(bytes: bytes))) }

    func hangUp() { frameContinuation.finish() }

    func next() async -> TickerFrame? {
        var iterator = frames.makeAsyncIterator()
        return await iterator.next()
    }

    func send(_ text: String) async throws { sentContinuation.yield(text) }

    var closure: (code: UInt16, reason: String) { (1001, "going away") }

    func close() { sentContinuation.finish() }
}

/// Gives prepared connections, one after the other, then none.
final class FakeTransport: TickerTransport {
    enum Step: Sendable {
        case link(FakeLink)
        case loss(KiteTickerLoss)
    }

    private let steps: Mutex<[Step]>
    private let seen = Mutex<[TickerEndpoint]>([])

    init(_ steps: [Step]) {
        self.steps = Mutex(steps)
    }

    var endpoints: [TickerEndpoint] { seen.withLock { $0 } }

    func connect(_ endpoint: TickerEndpoint) async throws(TickerConnectFault) -> any TickerLink {
        seen.withLock { $0.append(endpoint) }
        let step = steps.withLock { $0.isEmpty ? .loss(.connectFailed("no more")) : $0.removeFirst() }
        switch step {
        case .link(let link): return link
        case .loss(let loss): throw TickerConnectFault(loss: loss)
        }
    }
}

/// Runs a ticker while a test drives it, and ends it afterwards.
func withTicker(
    _ transport: FakeTransport, _ time: ManualTime, options: KiteTickerOptions = KiteTickerOptions(),
    context: KiteTickerContext = KiteTickerContext(), _ body: (KiteTicker) async throws -> Void
) async throws {
    let ticker = KiteTicker(
        configuration: KiteConfiguration(apiKey: "thekey", accessToken: "thetoken"),
        parts: TickerParts(options: options, context: context, transport: transport, timing: time.timing()))
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await ticker.run() }
        try await body(ticker)
        group.cancelAll()
    }
}

/// Runs a pool while a test drives it, and ends it afterwards.
func withPool(
    _ parts: TickerParts, _ configuration: KiteConfiguration = KiteConfiguration(apiKey: "key", accessToken: "token"),
    _ body: (KiteTickerPool) async throws -> Void
) async throws {
    let pool = KiteTickerPool(configuration: configuration, parts: parts)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await pool.run() }
        do {
            try await body(pool)
        } catch {
            group.cancelAll()
            throw error
        }
        group.cancelAll()
    }
}

/// The next element of a stream.
func next<Stream: AsyncSequence>(_ stream: Stream) async throws -> Stream.Element? {
    var iterator = stream.makeAsyncIterator()
    return try await iterator.next()
}
