import Trading

/// Our number for a user.
package struct UserID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number.
    package let rawValue: Int64

    /// Takes the number.
    package init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// The number as text.
    package var description: String { String(rawValue) }

    /// Orders by number.
    package static func < (left: UserID, right: UserID) -> Bool { left.rawValue < right.rawValue }
}

/// What a user is to the installation as a whole; rights on a trading account are memberships.
package enum UserRole: String, Sendable, Hashable, CaseIterable {
    /// Signs in and sees what is his or shared with him.
    case user
    /// Runs the installation.
    case admin
}

/// Somebody who signs in.
package struct User: Sendable, Hashable {
    /// Our number.
    package let id: UserID
    /// The address he signs in with.
    package let email: EmailAddress
    /// What people call him.
    package let name: String
    /// What he is to the installation.
    package let roles: Set<UserRole>
    /// Whether he may sign in.
    package let isActive: Bool
    /// When he was made.
    package let createdTime: Timestamp

    /// Puts a user together.
    package init(
        id: UserID, email: EmailAddress, name: String, roles: Set<UserRole>, isActive: Bool, createdTime: Timestamp
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.roles = roles
        self.isActive = isActive
        self.createdTime = createdTime
    }
}

/// A user about to be made.
package struct NewUser: Sendable, Hashable {
    /// The address he will sign in with.
    package var email: EmailAddress
    /// What people call him.
    package var name: String
    /// The hash of his password.
    package var passwordHash: PasswordHash
    /// What he is to the installation.
    package var roles: Set<UserRole>
    /// When he is made.
    package var createdTime: Timestamp

    /// Puts a new user together.
    package init(
        email: EmailAddress, name: String, passwordHash: PasswordHash, roles: Set<UserRole> = [.user],
        createdTime: Timestamp
    ) {
        self.email = email
        self.name = name
        self.passwordHash = passwordHash
        self.roles = roles
        self.createdTime = createdTime
    }
}
