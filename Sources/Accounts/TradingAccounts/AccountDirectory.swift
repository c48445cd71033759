import Synchronization
import Trading

/// Why a user does not get at an account.
package enum AccessError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is none he may know of.
    case notFound
    /// He may see it, but lacks this right.
    case forbidden(missing: Permission)
    /// The store could not answer.
    case unavailable(StoreUnavailable)

    /// One sentence that says what to do.
    package var description: String {
        switch self {
        case .notFound: "No such trading account; GET /accounts lists yours."
        case .forbidden(let missing): "You lack the permission \(missing.rawValue) on this account; ask its owner."
        case .unavailable(let cause): cause.description
        }
    }
}

/// Tells which trading account a user means and whether he may do with it what he wants.
///
/// It answers from memory: writes through the same store are seen at once, those of another process within
/// `maximumAge`.
package final class AccountDirectory: Sendable {
    /// How long a user's rights are remembered without asking the store again.
    package static let maximumAge: Duration = .seconds(1)

    private struct Entry {
        let accounts: [AccessibleAccount]
        let revision: Int
        let time: Timestamp
    }

    private static let capacity = 10_000
    private let store: any TradingAccountStore
    private let clock: WallClock
    private let entries = Mutex<[UserID: Entry]>([:])

    /// Takes the store and the clock that ages what is remembered.
    package init(store: any TradingAccountStore, clock: @escaping WallClock) {
        self.store = store
        self.clock = clock
    }

    /// The account a user means, provided he may view it and has the right asked for.
    ///
    /// An account that does not exist and one he may not view are the same `notFound`.
    package func resolve(
        _ reference: AccountReference, for user: UserID, requiring permission: Permission
    ) async throws(AccessError) -> TradingAccount {
        guard let found = reference.pick(from: try await viewable(by: user)) else { throw .notFound }
        guard found.permissions.contains(permission) else { throw .forbidden(missing: permission) }
        return found.account
    }

    /// The accounts a user may view: his own by number, then those shared with him by number.
    package func viewable(by user: UserID) async throws(AccessError) -> [AccessibleAccount] {
        // Read before the store is asked: a write that overtakes the answer then makes it stale, never fresh.
        let revision = store.revision
        let now = clock()
        if let known = entries.withLock({ $0[user] }), known.revision == revision, isFresh(known, at: now) {
            return known.accounts
        }
        let accounts: [AccessibleAccount]
        do { accounts = try await store.accounts(accessibleTo: user) } catch { throw .unavailable(error) }
        let seen = accounts.filter { $0.permissions.contains(.view) }
        entries.withLock { entries in
            if entries.count >= Self.capacity { entries.removeAll() }
            entries[user] = Entry(accounts: seen, revision: revision, time: now)
        }
        return seen
    }

    /// A clock set back makes an entry old, not young for ever.
    private func isFresh(_ entry: Entry, at now: Timestamp) -> Bool {
        let age = now.since(entry.time)
        return age >= .zero && age < Self.maximumAge
    }
}
