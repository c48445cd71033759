import Synchronization
import Trading

/// Why somebody is not signed in.
package enum SignInError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Unknown address or wrong password; which of them is nobody's business.
    case wrongCredentials
    /// Too many failures; the right password does not help before the time has passed.
    case tooManyAttempts(retryAfter: Duration)
    /// The password was right, but the user may not sign in.
    case deactivated
    /// Too many passwords are being checked at once.
    case busy
    /// The store or the signing key could not answer.
    case unavailable(StoreUnavailable)

    /// One sentence that says what to do.
    package var description: String {
        switch self {
        case .wrongCredentials: "The e-mail address or the password is wrong."
        case .tooManyAttempts: "Too many failed attempts; try again later."
        case .deactivated: "This user is deactivated; ask whoever runs this installation."
        case .busy: "Too many people are signing in at once; try again in a moment."
        case .unavailable(let cause): cause.description
        }
    }
}

/// Somebody who has just signed in.
package struct SignedIn: Sendable {
    /// Who.
    package let user: User
    /// His access token.
    package let accessToken: Secret
    /// How long it is valid.
    package let expiresIn: Duration
}

/// Signs people in with e-mail address and password.
package final class SignIn: Sendable {
    private let users: any UserStore
    private let hasher: PasswordHasher
    private let tokens: AccessTokens
    private let throttle = Mutex(LoginThrottle())
    private let unmatchable: PasswordHash

    /// Takes the users, the hasher of their passwords and the issuer of tokens.
    package init(users: any UserStore, hasher: PasswordHasher, tokens: AccessTokens) {
        self.users = users
        self.hasher = hasher
        self.tokens = tokens
        unmatchable = .unmatchable(cost: hasher.cost)
    }

    /// Signs somebody in.
    ///
    /// Checked in this order: the count of failures, the password (a hash is computed for unknown addresses too),
    /// whether the user is active. The address is the client's network address, as far as it can be trusted.
    package func login(
        email: EmailAddress, password: Secret, address: String, at now: Timestamp
    ) async throws(SignInError) -> SignedIn {
        let admission = throttle.withLock { $0.begin(email: email, address: address, at: now) }
        if case .refused(let wait) = admission { throw .tooManyAttempts(retryAfter: wait) }
        // No user has such a password, and a megabyte of it is not worth a hash.
        guard PasswordRules.isHashable(password) else { throw .wrongCredentials }
        let user: User
        do {
            user = try await check(password, of: email)
        } catch {
            if error != .wrongCredentials {
                throttle.withLock { $0.withdraw(email: email, address: address, at: now) }
            }
            throw error
        }
        throttle.withLock { $0.succeed(email: email, address: address, at: now) }
        guard user.isActive else { throw .deactivated }
        do {
            let issued = try await tokens.issue(for: user.id, at: now)
            return SignedIn(user: user, accessToken: issued.text, expiresIn: issued.expiresIn)
        } catch {
            throw .unavailable(StoreUnavailable(reason: "a token could not be signed"))
        }
    }

    private func check(_ password: Secret, of email: EmailAddress) async throws(SignInError) -> User {
        do {
            let login = try await users.login(email)
            let hash = login?.passwordHash ?? unmatchable
            let isRight = try await verify(password, against: hash)
            guard let user = login?.user, isRight else { throw SignInError.wrongCredentials }
            if hasher.isOutdated(hash) { try await rehash(password, of: user.id, replacing: hash) }
            return user
        } catch let error as SignInError {
            throw error
        } catch let error as StoreUnavailable {
            throw .unavailable(error)
        } catch {
            throw .busy
        }
    }

    private func verify(_ password: Secret, against hash: PasswordHash) async throws(HasherBusy) -> Bool {
        try await hasher.verify(password, against: hash)
    }

    /// Brings a hash to today's cost; a busy machine leaves it for the next sign-in.
    private func rehash(
        _ password: Secret, of user: UserID, replacing old: PasswordHash
    ) async throws(StoreUnavailable) {
        guard let fresh = try? await hasher.hash(password) else { return }
        try await users.replacePasswordHash(of: user, from: old, to: fresh)
    }
}
