/// What is wrong with a password.
package enum PasswordFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// Fewer than eight characters.
    case tooShort
    /// More than 128 characters or 1,024 bytes.
    case tooLong

    /// One sentence that says what to do.
    package var description: String {
        switch self {
        case .tooShort: "A password has at least 8 characters; a few words in a row make a good one."
        case .tooLong: "A password has at most 128 characters."
        }
    }
}

/// The rules a new password keeps: 8...128 characters, counted as Unicode scalars, in at most 1,024 bytes.
///
/// Source: NIST SP 800-63B section 5.1.1.2, OWASP ASVS 5.0 section 6.2.
package enum PasswordRules {
    /// The most bytes that are ever hashed.
    package static let maximumBytes = 1_024

    /// What is wrong with a password; nil where nothing is.
    package static func fault(in password: Secret) -> PasswordFault? {
        let text = password.reveal()
        guard isHashable(password) else { return .tooLong }
        let length = text.unicodeScalars.count
        if length < 8 { return .tooShort }
        return length > 128 ? .tooLong : nil
    }

    /// Whether a password is short enough to spend a hash on.
    package static func isHashable(_ password: Secret) -> Bool {
        password.reveal().utf8.count <= maximumBytes
    }
}
