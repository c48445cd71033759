/// The store could not answer; nothing was changed.
package struct StoreUnavailable: Error, Sendable, Hashable, CustomStringConvertible {
    /// What the engine said, without any stored value.
    package let reason: String

    /// Takes what the engine said.
    package init(reason: String) {
        self.reason = reason
    }

    /// One sentence.
    package var description: String { "The store is unavailable: \(reason)." }
}

/// Why a user was not stored.
package enum UserStoreError: Error, Sendable, Hashable {
    /// Somebody already signs in with this address.
    case emailTaken(EmailAddress)
    /// The store could not answer; nothing was changed.
    case unavailable(StoreUnavailable)
}

/// Keeps users and the hashes of their passwords.
package protocol UserStore: Sendable {
    /// Keeps a new user and gives him a number.
    func create(_ user: NewUser) async throws(UserStoreError) -> User
    /// The user under a number; nil where there is none.
    func user(_ id: UserID) async throws(StoreUnavailable) -> User?
    /// The user who signs in with an address and the hash of his password; nil where there is none.
    func login(_ email: EmailAddress) async throws(StoreUnavailable) -> (user: User, passwordHash: PasswordHash)?
    /// Replaces the hash of a user's password, unless it has changed from what the caller saw.
    func replacePasswordHash(
        of user: UserID, from old: PasswordHash, to new: PasswordHash
    ) async throws(StoreUnavailable)
    /// Lets a user sign in, or no longer.
    func setActive(_ isActive: Bool, user: UserID) async throws(StoreUnavailable)
    /// How many users there are.
    func count() async throws(StoreUnavailable) -> Int
}
