import Accounts
import Storage

/// Makes users from the command line, also while a server runs on the same data directory.
package enum UserAdministration {
    /// A user that was made.
    package struct Made: Sendable {
        /// The address.
        package let email: String
        /// The password, where it was made up; shown once.
        package let generatedPassword: String?
    }

    /// Makes a user; without a password one is made up.
    package static func create(
        email: String, password: String?, dataDirectory: String
    ) async throws(StartError) -> Made {
        var random = SystemRandomNumberGenerator()
        let secret = password.map { Secret($0) } ?? Secret.randomPassword(using: &random)
        let database: Database
        do throws(DatabaseOpenError) {
            database = try Database.open(at: dataDirectory)
        } catch {
            throw .machine(error.description)
        }
        do throws(UserCreationError) {
            let creation = UserCreation(users: SQLiteUserStore(database), hasher: PasswordHasher())
            let user = try await creation.create(email: email, password: secret, at: SystemTime.now())
            return Made(email: user.email.text, generatedPassword: password == nil ? secret.reveal() : nil)
        } catch {
            switch error {
            case .busy, .unavailable: throw .machine(error.description)
            case .malformedEmail, .malformedName, .password, .emailTaken: throw .usage(error.description)
            }
        }
    }
}
