import Gateway
import Synchronization
import Trading

/// A clock that stands still until it is moved; sleepers wake when it passes their time.
final class ManualClock: Sendable {
    private struct Sleeper {
        let id: Int
        let wakes: Duration
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var elapsed = Duration.zero
        var nextID = 0
        var sleepers: [Sleeper] = []
        var cancelled: Set<Int> = []
    }

    /// 2025-11-07T04:00:00Z.
    static let origin = Timestamp(seconds: 1_762_488_000)
    private let state = Mutex(State())

    var now: Timestamp { Self.origin.advanced(by: state.withLock(\.elapsed)) }

    var timekeeping: Timekeeping {
        Timekeeping(
            now: { self.now }, uptime: { self.state.withLock(\.elapsed) }, sleep: { try await self.sleep($0) })
    }

    func advance(by duration: Duration) {
        let awake = state.withLock { state in
            state.elapsed += duration
            defer { state.sleepers.removeAll { $0.wakes <= state.elapsed } }
            return state.sleepers.filter { $0.wakes <= state.elapsed }
        }
        for sleeper in awake { sleeper.continuation.resume(returning: true) }
    }

    private func sleep(_ duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let isOver = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let outcome = state.withLock { state -> Bool? in
                    if state.cancelled.contains(id) { return false }
                    state.sleepers.append(
                        Sleeper(id: id, wakes: state.elapsed + duration, continuation: continuation))
                    return nil
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                state.cancelled.insert(id)
                return state.sleepers.firstIndex { $0.id == id }.map { state.sleepers.remove(at: $0) }
            }
            sleeper?.continuation.resume(returning: false)
        }
        if !isOver { throw CancellationError() }
    }
}
