/// What a server is told at its start.
package struct ServerConfiguration: Sendable {
    /// The parts a server can run.
    package enum Part: String, Sendable, Hashable, CaseIterable {
        case user, ticker, api, exchange
    }

    /// The parts to run.
    package var parts: Set<Part> = Set(Part.allCases)
    /// Whether to make the demo's user and account, and a market that is always open.
    package var isDemo = false
    /// Where the database and the key file are.
    package var dataDirectory = "./.quantagro"
    /// The address to listen on.
    package var host = "127.0.0.1"
    /// Ports; 0 takes any free one.
    package var apiPort = 8081
    package var tickerPort = 8001
    package var userPort = 8002
    package var exchangePort = 8010
    /// An instrument dump in Kite's layout, plain or gzip; nil generates a listing.
    package var instrumentsFile: String?
    /// An end-of-day file of NSE for opening prices and open interest; nil makes them up from the seed.
    package var bhavcopyFile: String?
    /// The market's seed: the same seed gives the same day.
    package var seed: UInt64 = 1
    /// Where to write the addresses and the demo's credentials once all listeners answer.
    package var readyFile: String?
    /// How many trading accounts the demo's user gets.
    package var demoAccounts = 1
    /// Whether the exchange keeps Kite's request limits, and the API its own.
    package var limitsRequests = true
    /// What the paper exchange does besides trading.
    package var exchange = ExchangeControl()
    /// Browser origins that may call the API.
    package var allowedOrigins = ServerConfiguration.missionOrigins

    /// The defaults.
    package init() {}

    /// The origins of the mission's front ends.
    package static let missionOrigins = [
        "http://localhost:3000", "http://localhost:5173", "http://localhost:8080", "http://localhost:5174",
    ]
}

/// Why a server does not start, in one sentence, with the exit status that goes with it.
package struct StartError: Error, Sendable, CustomStringConvertible {
    /// 1 where the machine is in the way, 2 where what was asked for is wrong.
    package let exitCode: Int32
    /// What is wrong and what to do.
    package let description: String

    /// Something on the machine is in the way.
    package static func machine(_ sentence: String) -> StartError {
        StartError(exitCode: 1, description: sentence)
    }

    /// What was asked for is wrong.
    package static func usage(_ sentence: String) -> StartError {
        StartError(exitCode: 2, description: sentence)
    }
}
