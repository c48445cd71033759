import Crypto
import Synchronization
import Trading

/// Remembers tokens whose signature was checked, under their digests, in bounded memory.
final class VerifiedTokens: Sendable {
    typealias Digest = SHA256Digest

    private struct Generations {
        var recent: [Digest: AccessToken] = [:]
        var older: [Digest: AccessToken] = [:]
    }

    private let capacity: Int
    private let generations = Mutex(Generations())

    /// Takes the most tokens to remember.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The token under a digest; nil where it is not remembered or has expired.
    func token(_ digest: Digest, at now: Timestamp) -> AccessToken? {
        generations.withLock { generations in
            if let token = generations.recent[digest] { return token.expiryTime > now ? token : nil }
            guard let token = generations.older[digest], token.expiryTime > now else { return nil }
            keep(token, under: digest, in: &generations)
            return token
        }
    }

    /// Remembers a token; the ones not asked for longest are forgotten first.
    func keep(_ token: AccessToken, under digest: Digest) {
        generations.withLock { keep(token, under: digest, in: &$0) }
    }

    /// How many tokens are held.
    var count: Int { generations.withLock { $0.recent.count + $0.older.count } }

    private func keep(_ token: AccessToken, under digest: Digest, in generations: inout Generations) {
        if generations.recent.count >= max(1, capacity / 2) {
            generations.older = generations.recent
            generations.recent = [:]
        }
        generations.recent[digest] = token
    }
}
