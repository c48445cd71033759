import Gateway
import Synchronization
import Trading

/// Runs a world of tasks on the thread of the test, in a fixed sequence, and lets time pass only when nothing else is
/// left to do: two minutes cost no time, and the same seed makes the same run.
final class VirtualTime: Sendable {
    /// Nothing can run and nobody sleeps, but the body is not over.
    struct Stuck: Error {}

    /// Tasks of one process; a crash leaves them where they are for ever.
    private final class Jobs: TaskExecutor {
        private struct Queue {
            var jobs: [UnownedJob] = []
            var next = 0
        }

        private let queue = Mutex(Queue())

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.withLock { $0.jobs.append(job) }
        }

        /// Runs the next job; false where there is none.
        func runNext() -> Bool {
            let job: UnownedJob? = queue.withLock { queue in
                guard queue.next < queue.jobs.count else {
                    queue = Queue()
                    return nil
                }
                queue.next += 1
                return queue.jobs[queue.next - 1]
            }
            guard let job else { return false }
            job.runSynchronously(on: asUnownedTaskExecutor())
            return true
        }
    }

    private struct Sleeper {
        let deadline: Duration
        let number: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Duration
        var jobs = Jobs()
        var number = 0
        var sleepers: [Sleeper] = []
        /// Kept, so that a crash does not look like a lost continuation.
        var dead: [Sleeper] = []
    }

    /// The moment at which a world begins: 10:00 in India on a trading day.
    static let beginning = Timestamp(indianDate: CalendarDate(daysSinceEpoch: 20_683), secondOfDay: 36_000)

    private let state: Mutex<State>

    /// A world that has been up for a while, so that uptime is not zero.
    init(uptime: Duration = .milliseconds(1_234)) {
        state = Mutex(State(now: uptime))
    }

    /// Time since a fixed moment.
    var uptime: Duration { state.withLock(\.now) }

    /// The clocks of the order path.
    var keeping: Timekeeping {
        Timekeeping(now: { self.now }, uptime: { self.uptime }, sleep: { try await self.sleep($0) })
    }

    /// The time of day.
    var now: Timestamp { Self.beginning.advanced(by: uptime) }

    /// Waits in this world's time.
    func sleep(_ duration: Duration) async throws {
        let number = state.withLock { state in
            state.number += 1
            return state.number
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                state.withLock { state in
                    let deadline = state.now + max(duration, .zero)
                    state.sleepers.append(Sleeper(deadline: deadline, number: number, continuation: continuation))
                }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.sleepers.firstIndex { $0.number == number }.map { state.sleepers.remove(at: $0) }
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Starts a task of the current process; it runs when the world does.
    func spawn(_ body: @escaping @Sendable () async -> Void) {
        let jobs = state.withLock(\.jobs)
        // The world is the task's owner: it runs it and outlives it.
        _ = Task(executorPreference: jobs) { await body() }
    }

    /// Runs the world until a body is over.
    func run(_ body: @escaping @Sendable () async throws -> Void) throws {
        let outcome = Mutex<Result<Void, any Error>?>(nil)
        spawn {
            do {
                try await body()
                outcome.withLock { $0 = .success(()) }
            } catch {
                outcome.withLock { $0 = .failure(error) }
            }
        }
        while true {
            if let outcome = outcome.withLock(\.self) { return try outcome.get() }
            if state.withLock(\.jobs).runNext() { continue }
            guard passTime(noLaterThan: .seconds(1_000_000)) else { throw Stuck() }
        }
    }

    /// Runs the world up to a moment.
    func run(until moment: Duration) {
        while state.withLock(\.jobs).runNext() || passTime(noLaterThan: moment) {}
        state.withLock { $0.now = max($0.now, moment) }
    }

    /// Runs so many jobs at most, letting time pass between them.
    func run(jobs count: Int) {
        for _ in 0..<count {
            if state.withLock(\.jobs).runNext() { continue }
            guard passTime(noLaterThan: .seconds(1_000_000)) else { return }
        }
    }

    /// Stops the current process at this very step: nothing of it runs again.
    func crash() {
        state.withLock { state in
            state.jobs = Jobs()
            state.dead += state.sleepers
            state.sleepers = []
        }
    }

    /// Moves time to the next sleeper and wakes it; false where none is due in time.
    private func passTime(noLaterThan moment: Duration) -> Bool {
        let sleeper: Sleeper? = state.withLock { state in
            let next = state.sleepers.indices.min {
                (state.sleepers[$0].deadline, state.sleepers[$0].number)
                    < (state.sleepers[$1].deadline, state.sleepers[$1].number)
            }
            guard let next, state.sleepers[next].deadline <= moment else { return nil }
            state.now = max(state.now, state.sleepers[next].deadline)
            return state.sleepers.remove(at: next)
        }
        sleeper?.continuation.resume()
        return sleeper != nil
    }
}
