import Accounts
import ArgumentParser
import Glibc
import Server

/// Links Kite accounts and signs them in.
struct KiteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kite", abstract: "Link Kite accounts, sign them in, see how they stand.",
        subcommands: [KiteLink.self, KiteLogin.self, KiteUnattended.self, KiteStatus.self])
}

/// Links an account.
struct KiteLink: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Link a Kite account; the API key and the API secret are read from standard input, a line each.")

    @Option(help: "The e-mail address of the user who owns it.")
    var email: String
    @Option(help: "The client's id at Zerodha, such as AB1234.")
    var userID: String
    @Option(help: "What to call it.")
    var name: String?
    @Option(help: "Where another Kite answers, such as a simulator; needs --ticker-url.")
    var baseURL: String?
    @Option(help: "Where its ticker answers.")
    var tickerURL: String?
    @Option(help: "Where the database and the key file are.")
    var dataDir = "./.quantagro"

    func validate() throws {
        guard (baseURL == nil) == (tickerURL == nil) else {
            throw ValidationError("Give both --base-url and --ticker-url, or neither.")
        }
    }

    func run() async throws {
        try await Outcome.report {
            let apiKey = Prompt.secret("API key")
            let apiSecret = Prompt.secret("API secret")
            var endpoint: BrokerEndpoint?
            if let baseURL, let tickerURL { endpoint = BrokerEndpoint(baseURL: baseURL, tickerURL: tickerURL) }
            let link = KiteAdministration.NewLink(
                ownerEmail: email, brokerUserID: userID, name: name ?? "Kite \(userID)", apiKey: apiKey,
                apiSecret: apiSecret, endpoint: endpoint)
            let id = try await KiteAdministration.with(dataDirectory: dataDir) { try await $0.link(link) }
            print("Linked \(userID) as account \(id). Sign it in with: quantagro kite login --account \(userID)")
        }
    }
}

/// Signs an account in.
struct KiteLogin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Sign an account in; prints the address to open and waits for the browser to come back.")

    @Option(help: "Our number or the client's id; not needed where one account is linked.")
    var account: String?
    @Option(help: "The port of the app's redirect address on 127.0.0.1; 0 takes any free one.")
    var port = 7_180
    @Option(help: "The path of the app's redirect address.")
    var path = "/"
    @Option(help: "Seconds to wait for the browser.")
    var wait = 300
    @Flag(help: "Use the password and time codes of the vault, or ask for them: password and seed, a line each.")
    var unattended = false
    @Option(help: "Where the database and the key file are.")
    var dataDir = "./.quantagro"

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must lie between 0 and 65535.") }
        guard (1...3_600).contains(wait) else { throw ValidationError("--wait must lie between 1 and 3600.") }
    }

    func run() async throws {
        try await Outcome.report {
            let done = try await KiteAdministration.with(dataDirectory: dataDir) { kite in
                guard unattended else {
                    return try await kite.logIn(account, port: port, path: path, within: .seconds(wait)) {
                        print(
                            "The app's redirect address at Kite has to be \($1)\nOpen this page to sign in:\n\n  \($0)\n"
                        )
                        fflush(nil)
                    }
                }
                let isKnown = try await kite.hasUnattendedCredentials(account)
                return try await kite.logInUnattended(account, given: isKnown ? nil : KiteUnattended.ask())
            }
            print("\(done.brokerUserID) is signed in until \(done.validUntil) Indian time.")
        }
    }
}

/// Allows an account to sign in without a person.
struct KiteUnattended: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unattended",
        abstract: "Let the server sign an account in by itself; password and TOTP seed are read from standard input.")

    @Option(help: "Our number or the client's id; not needed where one account is linked.")
    var account: String?
    @Flag(help: "Take the permission back.")
    var off = false
    @Option(help: "Where the database and the key file are.")
    var dataDir = "./.quantagro"

    func run() async throws {
        try await Outcome.report {
            let credentials = off ? nil : Self.ask()
            try await KiteAdministration.with(dataDirectory: dataDir) { kite in
                try await kite.setUnattended(credentials, of: account)
            }
            print(off ? "The server no longer signs in by itself." : "The server signs in by itself from now on.")
        }
    }

    static func ask() -> KiteAdministration.UnattendedCredentials {
        let password = Prompt.secret("Password at Kite")
        return .init(password: password, totpSeed: Prompt.secret("TOTP seed"))
    }
}

/// Shows how the accounts stand.
struct KiteStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "List the linked Kite accounts and until when they are signed in.")

    @Option(help: "Where the database and the key file are.")
    var dataDir = "./.quantagro"

    func run() async throws {
        try await Outcome.report {
            let lines = try await KiteAdministration.with(dataDirectory: dataDir) { try await $0.status() }
            if lines.isEmpty { print("No Kite account is linked.") }
            for line in lines {
                let until = line.validUntil.map { " until \($0) Indian time" } ?? ""
                let how = line.isUnattended ? ", signs in by itself" : ""
                print("\(line.id)\t\(line.brokerUserID)\t\(line.name)\t\(line.state)\(until)\(how)")
            }
        }
    }
}
