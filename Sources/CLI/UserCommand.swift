import ArgumentParser
import Server

/// Works on users.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Make users.", subcommands: [UserCreate.self])
}

/// Makes a user, also while the server runs.
struct UserCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a user; without --password-stdin a password is made up and shown once.")

    @Option(help: "The user's e-mail address.")
    var email: String
    @Flag(help: "Read the password from the first line of standard input.")
    var passwordStdin = false
    @Option(help: "Where the database and the key file are.")
    var dataDir = "./.quantagro"

    func run() async throws {
        try await Outcome.report {
            let given = passwordStdin ? readLine(strippingNewline: true) ?? "" : nil
            let made = try await UserAdministration.create(email: email, password: given, dataDirectory: dataDir)
            print("Made user \(made.email).")
            if let password = made.generatedPassword { print("Password, shown this once: \(password)") }
        }
    }
}
