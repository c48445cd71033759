import Dispatch
import Synchronization

/// More passwords are waiting to be hashed than the hasher takes on.
package struct HasherBusy: Error, Sendable, Hashable {}

/// Hashes and checks passwords on two threads of its own, never on those that serve requests.
package final class PasswordHasher: Sendable {
    /// What new hashes cost.
    package let cost: Argon2Cost

    private let lanes: [DispatchQueue]
    private let capacity: Int
    private let waiting: Mutex<[Int]>

    /// Takes the cost of new hashes, the number of threads, and how many passwords may be in work or waiting.
    package init(cost: Argon2Cost = .standard, threads: Int = 2, capacity: Int = 64) {
        precondition(threads > 0 && capacity > 0, "a hasher needs a thread and room for one password")
        self.cost = cost
        self.capacity = capacity
        // Serial queues run on threads that Dispatch makes for them, beside the pool of Swift's tasks.
        lanes = (1...threads).map { DispatchQueue(label: "password hashing \($0)") }
        waiting = Mutex(Array(repeating: 0, count: threads))
    }

    /// Hashes a new password.
    package func hash(_ password: Secret) async throws(HasherBusy) -> PasswordHash {
        let cost = cost
        return try await run { PasswordHash.make(of: password, cost: cost) }
    }

    /// Tells whether a password made a hash.
    package func verify(_ password: Secret, against hash: PasswordHash) async throws(HasherBusy) -> Bool {
        try await run { hash.matches(password) }
    }

    /// Whether a hash was made at another cost than new ones are.
    package func isOutdated(_ hash: PasswordHash) -> Bool { hash.cost != cost }

    /// Work goes to the thread with the shortest queue.
    private func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws(HasherBusy) -> Value {
        let lane = waiting.withLock { waiting -> Int? in
            guard waiting.reduce(0, +) < capacity else { return nil }
            let shortest = waiting.indices.min { waiting[$0] < waiting[$1] } ?? 0
            waiting[shortest] += 1
            return shortest
        }
        guard let lane else { throw HasherBusy() }
        return await withCheckedContinuation { continuation in
            lanes[lane].async {
                let value = work()
                self.waiting.withLock { $0[lane] -= 1 }
                continuation.resume(returning: value)
            }
        }
    }
}
