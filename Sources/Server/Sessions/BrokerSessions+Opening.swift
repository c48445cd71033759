import Accounts
import Gateway
import KiteAdapter
import KiteConnect
import Logging
import Trading

extension BrokerSessions {
    /// How long an account that could not be opened is left alone.
    static let troublePause = Duration.seconds(10)

    /// Puts a session to work: a new one on the desk, or the one that is there under its new token.
    func work(_ id: TradingAccountID, with token: BrokerSessionToken) async {
        guard let entry = kept[id] else { return }
        do {
            let client = try await client(entry.account, token)
            if let open = entry.open {
                if entry.inUse != token {
                    await open.broker.renew(accessToken: token.accessToken.reveal())
                    kept[id]?.inUse = token
                }
                await setLogin(id)
                try await readInstruments(entry.account, client)
            } else {
                let instruments = try await readInstruments(entry.account, client)
                let open = open(entry.account, client, instruments)
                kept[id]?.open = open
                kept[id]?.inUse = token
                await setLogin(id)
                parts.desk.open(open.session, for: id)
            }
            kept[id]?.trouble = nil
        } catch {
            kept[id]?.trouble = ("\(error)", parts.time.now().advanced(by: Self.troublePause))
            parts.logger.error(
                "the account's session cannot be opened", metadata: ["account": "\(id)", "reason": "\(error)"])
        }
    }

    /// Lets orders out until the session's end, unless the broker refused it meanwhile.
    private func setLogin(_ id: TradingAccountID) async {
        guard let entry = kept[id], case .run = entry.plan.step(at: parts.time.now()) else { return }
        kept[id]?.told = nil
        await entry.open?.session.setLogin(.valid(until: entry.plan.expiry))
    }

    /// A client whose refused token is told to us.
    private func client(_ account: TradingAccount, _ token: BrokerSessionToken) async throws -> KiteClient {
        let credentials = try await parts.login.vault.credentials(of: account.id)
        let configuration = try KiteAccountLogin.configuration(of: account, credentials)
        let (id, deaths) = (account.id, deathInput)
        return KiteClient(configuration: configuration, httpClient: parts.login.http)
            .with(accessToken: token.accessToken.reveal())
            .watched(by: KiteSessionWatch { deaths.yield((id, Secret($0))) })
    }

    @discardableResult
    private func readInstruments(_ account: TradingAccount, _ client: KiteClient) async throws -> DailyInstruments {
        let address = account.endpoint?.baseURL ?? ""
        let isPaper = parts.paper?.url == address
        let date = isPaper ? parts.paper?.tradingDate : nil
        let today = date ?? parts.time.now().indian.date
        return try await instruments.directory(at: address, on: today) {
            try await KiteInstruments.read(client, freezeQuantities: .published, on: today)
        }
    }

    private func open(_ account: TradingAccount, _ client: KiteClient, _ instruments: DailyInstruments) -> Open {
        var logger = parts.logger
        logger[metadataKey: "account"] = "\(account.id)"
        let broker = KiteBroker(client: client, logger: logger)
        let secret = parts.keyFile.orderTagSecret(of: account.broker, brokerUserID: account.brokerUserID)
        let numbers = parts.numbers
        let session = AccountSession(
            AccountSession.Parts(
                account: account.id, broker: broker, journal: parts.journal, instruments: instruments,
                tag: OrderTag(secret: secret), time: parts.time, newOrderID: { numbers.next() }, logger: logger,
                bookBegins: account.endpoint?.baseURL == parts.paper?.url ? parts.paper?.opened : nil))
        return Open(session: session, broker: broker)
    }
}
