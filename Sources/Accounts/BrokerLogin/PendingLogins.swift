import Crypto
import Trading

/// The logins that wait for a person at the broker's page. A value; it looks at no clock.
///
/// States are kept as digests only: whoever reads memory cannot finish somebody's login, and how long a look-up takes
/// tells nothing of them.
package struct PendingLogins: Sendable {
    /// A login that waits.
    package struct Pending: Sendable, Hashable {
        /// The account it is for.
        package let account: TradingAccountID
        /// Who began it.
        package let user: UserID
        /// Until when it is waited for.
        package let expiry: Timestamp
    }

    /// How long a login is waited for.
    package static let life: Duration = .seconds(600)
    /// Most logins that wait at once; the oldest gives way.
    static let capacity = 1_000

    private var waiting: [SHA256Digest: Pending] = [:]

    /// Nothing waits.
    package init() {}

    /// Waits for a state; an earlier login of the same person for the same account is no longer waited for.
    package mutating func add(
        state: String, account: TradingAccountID, user: UserID, at now: Timestamp
    ) -> Pending {
        waiting = waiting.filter { now < $0.value.expiry && ($0.value.account, $0.value.user) != (account, user) }
        if waiting.count >= Self.capacity, let oldest = waiting.min(by: { $0.value.expiry < $1.value.expiry }) {
            waiting[oldest.key] = nil
        }
        let pending = Pending(account: account, user: user, expiry: now.advanced(by: Self.life))
        waiting[Self.digest(state)] = pending
        return pending
    }

    /// The login of a state, once; nil for a state that was never given, was used, or is too old.
    package mutating func take(state: String, at now: Timestamp) -> Pending? {
        guard let found = waiting.removeValue(forKey: Self.digest(state)), now < found.expiry else { return nil }
        return found
    }

    private static func digest(_ state: String) -> SHA256Digest { SHA256.hash(data: Array(state.utf8)) }
}
