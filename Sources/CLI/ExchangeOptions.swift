import ArgumentParser
import Server

/// What the paper exchange is told besides its market.
struct ExchangeOptions: ParsableArguments {
    @Option(
        name: .customLong("fault"),
        help: ArgumentHelp(
            "Make something go wrong, for example drop-response:placing:times=3; may be repeated.", valueName: "spec"))
    var faults: [String] = []
    @Option(help: "Port of the exchange's admin API; 0 takes any free one. Off unless given.")
    var exchangeAdminPort: Int?
    @Option(help: "The address that the exchange's admin API listens on.")
    var exchangeAdminBind = "127.0.0.1"
    @Option(
        name: .customLong("static-ip"),
        help: ArgumentHelp("Take orders from this address only; twice at most.", valueName: "address"))
    var staticAddresses: [String] = []
    @Option(help: "Post news of orders to this address.")
    var postbackURL: String?
    @Option(help: "Send browsers here after they signed in.")
    var redirectURL: String?
    @Flag(help: "End the earlier sessions of an app and user with each sign-in.")
    var oneSession = false
    @Flag(help: "Refuse ticker connections over three an API key.")
    var strictTickerLimit = false

    func validate() throws {
        if let port = exchangeAdminPort, !(0...65_535).contains(port) {
            throw ValidationError("--exchange-admin-port must lie between 0 and 65535.")
        }
        for (name, address) in [("--postback-url", postbackURL), ("--redirect-url", redirectURL)] {
            guard let address else { continue }
            guard ["http://", "https://"].contains(where: { address.hasPrefix($0) && address.count > $0.count }),
                address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") })
            else { throw ValidationError("\(name) must be an http or https address.") }
        }
    }

    /// What the server is told; throws a `StartError` that names what is malformed.
    ///
    /// The admin API's secret comes from the environment: what a command line holds, everybody on the machine can read.
    func control(adminSecret: String?) throws(StartError) -> ExchangeControl {
        var control = ExchangeControl()
        control.faults = try ExchangeControl.faults(faults)
        control.adminPort = exchangeAdminPort
        control.adminHost = exchangeAdminBind
        if let secret = adminSecret {
            guard secret.utf8.count >= 16, secret.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw .usage("EXCHANGE_ADMIN_SECRET must have 16 printable characters or more, no spaces.")
            }
            control.adminSecret = secret
        }
        control.staticAddresses = try ExchangeControl.staticAddresses(staticAddresses)
        control.postbackURL = postbackURL
        control.redirectURL = redirectURL
        control.allowsOneSession = oneSession
        control.refusesSurplusConnections = strictTickerLimit
        return control
    }
}
