import ArgumentParser
import Glibc
import Server
import Telemetry

/// Runs the services.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the services; with --demo, everything with a paper exchange and no broker.")

    @Flag(help: "Start a paper market that is always open, one user and one linked account.")
    var demo = false
    @Option(help: "The parts to run, separated by commas: user, ticker, api, exchange.")
    var services: String?
    @Option(help: "Where the database and the key file are.")
    var dataDir = "./.quantagro"
    @Option(help: "The address to listen on.")
    var bind = "127.0.0.1"
    @Option(help: "Port of the API and the dashboard; 0 takes any free one.")
    var apiPort = 8081
    @Option(help: "Port of the ticker service; 0 takes any free one.")
    var tickerPort = 8001
    @Option(help: "Port of the user service; 0 takes any free one.")
    var userPort = 8002
    @Option(help: "Port of the paper exchange; 0 takes any free one.")
    var exchangePort = 8010
    @Option(help: "List the contracts of this Kite instrument dump, plain or gzip.")
    var instruments: String?
    @Option(help: "Take opening prices and open interest from this NSE end-of-day file.")
    var bhavcopy: String?
    @Option(help: "The market's seed; the same seed gives the same day.")
    var seed: UInt64 = 1
    @Option(help: "Write addresses and demo credentials to this file once everything answers.")
    var readyFile: String?
    @Option(help: "Trading accounts of the demo's user.")
    var demoAccounts = 1
    @Flag(help: "Keep neither Kite's request limits nor the API's own, as benchmarks need.")
    var noRequestLimits = false
    @OptionGroup(title: "Paper exchange") var exchange: ExchangeOptions
    @Option(help: "Log lines as json or text.")
    var logFormat = "json"

    func validate() throws {
        for (name, port) in [
            ("--api-port", apiPort), ("--ticker-port", tickerPort), ("--user-port", userPort),
            ("--exchange-port", exchangePort),
        ] where !(0...65_535).contains(port) {
            throw ValidationError("\(name) must lie between 0 and 65535.")
        }
        guard LogFormat(rawValue: logFormat) != nil else {
            throw ValidationError("--log-format must be json or text.")
        }
        guard (1...500).contains(demoAccounts) else {
            throw ValidationError("--demo-accounts must lie between 1 and 500.")
        }
        _ = try parts()
    }

    private func parts() throws -> Set<ServerConfiguration.Part> {
        guard let services else { return demo ? Set(ServerConfiguration.Part.allCases) : [.user, .ticker, .api] }
        let words = services.split(separator: ",", omittingEmptySubsequences: false)
        let parts = words.map { ServerConfiguration.Part(rawValue: String($0)) }
        guard !parts.isEmpty, parts.allSatisfy({ $0 != nil }) else {
            throw ValidationError("--services takes user, ticker, api and exchange, separated by commas.")
        }
        return Set(parts.compactMap { $0 })
    }

    func run() async throws {
        var configuration = ServerConfiguration()
        configuration.parts = try parts()
        configuration.isDemo = demo
        configuration.dataDirectory = dataDir
        configuration.host = bind
        configuration.apiPort = apiPort
        configuration.tickerPort = tickerPort
        configuration.userPort = userPort
        configuration.exchangePort = exchangePort
        configuration.instrumentsFile = instruments
        configuration.bhavcopyFile = bhavcopy
        configuration.seed = seed
        configuration.readyFile = readyFile
        configuration.demoAccounts = demoAccounts
        configuration.limitsRequests = !noRequestLimits
        if let origins = getenv("CORS_ORIGINS") {
            configuration.allowedOrigins = String(cString: origins).split(separator: ",").map {
                $0.trimmingPrefix(while: \.isWhitespace).description
            }
        }
        let plain = configuration
        try await Outcome.report {
            var settled = plain
            settled.exchange = try exchange.control(
                adminSecret: getenv("EXCHANGE_ADMIN_SECRET").map { String(cString: $0) })
            try await Installation.run(settled, logFormat: LogFormat(rawValue: logFormat) ?? .json) { greeting in
                print(greeting)
                fflush(nil)
            }
        }
    }
}
