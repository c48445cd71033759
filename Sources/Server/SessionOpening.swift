import Accounts
import AsyncHTTPClient
import Brokers
import Gateway
import KiteAdapter
import KiteConnect
import Logging
import Trading

/// Signs linked Kite accounts in and puts their sessions on the desk.
struct SessionOpening: Sendable {
    /// Gives a request token for an account without a person; nil where that is not possible.
    typealias RequestTokenSource = @Sendable (TradingAccount) -> String?

    let http: HTTPClient
    let desk: TradingDesk
    let vault: CredentialVault
    let keyFile: KeyFile
    let journal: any OrderJournal
    let numbers: OrderNumbers
    let requestToken: RequestTokenSource
    let tradingDate: CalendarDate
    /// Where our own paper exchange is and when its book began: it starts empty with every process.
    let paper: (url: String, opened: Timestamp)?
    let logger: Logger

    /// Opens all accounts side by side; one that fails is logged and stays without a session.
    func open(_ accounts: [TradingAccount]) async {
        var byEndpoint: [String: [TradingAccount]] = [:]
        for account in accounts where account.broker == .kite {
            byEndpoint[account.endpoint?.baseURL ?? "", default: []].append(account)
        }
        await withDiscardingTaskGroup { group in
            for accounts in byEndpoint.values {
                group.addTask { await openAll(accounts) }
            }
        }
    }

    /// Opens accounts of one broker address, which share one reading of its instruments.
    private func openAll(_ accounts: [TradingAccount]) async {
        var instruments: InstrumentIndex?
        for account in accounts {
            var logger = logger
            logger[metadataKey: "account"] = "\(account.id)"
            do {
                let client = try await signIn(account)
                if instruments == nil {
                    instruments = InstrumentIndex(
                        try await KiteInstruments.read(
                            client, freezeQuantities: .published, on: tradingDate))
                }
                guard let instruments else { continue }
                desk.open(session(account, client, instruments, logger), for: account.id)
            } catch {
                logger.error("the account has no session", metadata: ["reason": "\(error)"])
            }
        }
    }

    private func session(
        _ account: TradingAccount, _ client: KiteClient, _ instruments: InstrumentIndex, _ logger: Logger
    ) -> AccountSession {
        let secret = keyFile.orderTagSecret(of: account.broker, brokerUserID: account.brokerUserID)
        return AccountSession(
            AccountSession.Parts(
                account: account.id, broker: KiteBroker(client: client), journal: journal,
                instruments: instruments, tag: OrderTag(secret: secret), time: SystemTime.timekeeping,
                newOrderID: { numbers.next() }, logger: logger,
                bookBegins: account.endpoint?.baseURL == paper?.url ? paper?.opened : nil))
    }

    /// A client with an access token: a new one where a request token can be had, else the one that is kept.
    private func signIn(_ account: TradingAccount) async throws -> KiteClient {
        let credentials = try await vault.credentials(of: account.id)
        guard let apiKey = credentials[.apiKey], let apiSecret = credentials[.apiSecret] else {
            throw StartError.machine("The API key or secret is missing; link the account again.")
        }
        // Calls count against the limits of the user and of the app, whichever of our accounts makes them.
        var configuration = KiteConfiguration(apiKey: apiKey.reveal(), userID: account.brokerUserID)
        if let endpoint = account.endpoint {
            configuration.baseURL = endpoint.baseURL
            configuration.tickerURL = endpoint.tickerURL
        }
        let client = KiteClient(configuration: configuration, httpClient: http)
        if let token = requestToken(account) {
            let session = try await client.generateSession(requestToken: token, apiSecret: apiSecret.reveal())
            return client.with(accessToken: session.accessToken)
        }
        guard let token = credentials[.accessToken] else {
            throw StartError.machine("The account is not signed in at the broker.")
        }
        return client.with(accessToken: token.reveal())
    }
}
