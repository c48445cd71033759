import Testing

@testable import Accounts

struct PasswordHasherTests {
    @Test func `a hash made is a hash that verifies`() async throws {
        let hasher = PasswordHasher(cost: .cheap)
        let hash = try await hasher.hash(Secret("correct horse"))
        #expect(try await hasher.verify(Secret("correct horse"), against: hash))
        #expect(try await !hasher.verify(Secret("wrong horse"), against: hash))
    }

    @Test func `whoever comes when the queue is full is told at once and nobody waits for ever`() async {
        let hasher = PasswordHasher(cost: .standard, threads: 2, capacity: 4)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<40 {
                group.addTask { (try? await hasher.hash(Secret("correct horse"))) != nil }
            }
            return await group.reduce(into: (done: 0, busy: 0)) { $1 ? ($0.done += 1) : ($0.busy += 1) }
        }
        #expect(outcomes.done >= 4)
        #expect(outcomes.busy > 0)
        #expect(await (try? hasher.hash(Secret("correct horse"))) != nil)
    }

    @Test func `a hash at another cost is outdated`() {
        let hasher = PasswordHasher(cost: .standard)
        #expect(hasher.isOutdated(.make(of: Secret("x"), cost: .cheap)))
        #expect(!hasher.isOutdated(.unmatchable(cost: .standard)))
    }
}
