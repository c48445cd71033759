import Trading

/// Why somebody was not made a user.
package enum UserCreationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The address is not one.
    case malformedEmail
    /// The name is empty, longer than 100 characters or holds control characters.
    case malformedName
    /// The password breaks a rule.
    case password(PasswordFault)
    /// Somebody already signs in with the address.
    case emailTaken(EmailAddress)
    /// Too many passwords are being hashed at once.
    case busy
    /// The store could not answer.
    case unavailable(StoreUnavailable)

    /// One sentence that says what to do.
    package var description: String {
        switch self {
        case .malformedEmail: "This is not an e-mail address; give one like name@example.com."
        case .malformedName: "A name has 1 to 100 characters and no control characters."
        case .password(let fault): fault.description
        case .emailTaken(let email): "A user with the address \(email) exists already."
        case .busy: "Too many passwords are being checked at once; try again in a moment."
        case .unavailable(let cause): cause.description
        }
    }
}

/// Makes users out of what a person types.
package struct UserCreation: Sendable {
    private let users: any UserStore
    private let hasher: PasswordHasher

    /// Takes the store of users and the hasher of their passwords.
    package init(users: any UserStore, hasher: PasswordHasher) {
        self.users = users
        self.hasher = hasher
    }

    /// Checks what was typed, hashes the password and keeps the user; an empty name becomes the address's local part.
    package func create(
        email: String, name: String = "", password: Secret, roles: Set<UserRole> = [.user], at now: Timestamp
    ) async throws(UserCreationError) -> User {
        guard let address = EmailAddress(email) else { throw .malformedEmail }
        let shown = name.isEmpty ? String(address.text.prefix { $0 != "@" }) : name
        let isPlain = shown.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard shown.unicodeScalars.count <= 100, isPlain else { throw .malformedName }
        if let fault = PasswordRules.fault(in: password) { throw .password(fault) }
        let hash: PasswordHash
        do { hash = try await hasher.hash(password) } catch { throw .busy }
        do {
            return try await users.create(
                NewUser(email: address, name: shown, passwordHash: hash, roles: roles, createdTime: now))
        } catch {
            switch error {
            case .emailTaken(let taken): throw .emailTaken(taken)
            case .unavailable(let cause): throw .unavailable(cause)
            }
        }
    }
}
