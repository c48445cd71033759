import Trading

/// The name of a broker, for example `kite`.
package struct BrokerName: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name in small letters.
    package let rawValue: String

    /// Takes a name of 1...20 small letters; nil for anything else.
    package init?(rawValue: String) {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard (1...20).contains(rawValue.utf8.count), rawValue.utf8.allSatisfy(letters.contains) else { return nil }
        self.rawValue = rawValue
    }

    private init(known: String) {
        rawValue = known
    }

    /// Zerodha, over Kite Connect.
    package static let kite = BrokerName(known: "kite")
    /// The paper exchange of this installation.
    package static let paper = BrokerName(known: "paper")

    /// The name.
    package var description: String { rawValue }
}

/// Where a trading account stands.
package enum TradingAccountStatus: String, Sendable, Hashable, CaseIterable {
    /// Linked; the broker has not confirmed the credentials yet.
    case pendingVerification = "pending_verification"
    /// Ready to trade.
    case active
    /// The broker no longer takes the credentials.
    case credentialsExpired = "credentials_expired"
    /// Taken out of use.
    case deactivated
}

/// Where a broker answers when it is not at its well-known addresses.
package struct BrokerEndpoint: Sendable, Hashable {
    /// The base of its HTTP paths, for example `http://127.0.0.1:8010`.
    package let baseURL: String
    /// The address of its ticker, for example `ws://127.0.0.1:8010/`.
    package let tickerURL: String

    /// Pairs the addresses.
    package init(baseURL: String, tickerURL: String) {
        self.baseURL = baseURL
        self.tickerURL = tickerURL
    }
}

/// One person's account at one broker.
package struct TradingAccount: Sendable, Hashable {
    /// Our number.
    package let id: TradingAccountID
    /// Who linked it.
    package let owner: UserID
    /// The broker that holds it.
    package let broker: BrokerName
    /// The broker's name of its client, for example `AB1234`; with the broker it is unique.
    package let brokerUserID: String
    /// What its owner calls it.
    package let name: String
    /// Where the broker answers; nil for its well-known addresses.
    package let endpoint: BrokerEndpoint?
    /// Where it stands.
    package let status: TradingAccountStatus
    /// When it was linked.
    package let linkedTime: Timestamp

    /// Puts an account together.
    package init(
        id: TradingAccountID, owner: UserID, broker: BrokerName, brokerUserID: String, name: String,
        endpoint: BrokerEndpoint?, status: TradingAccountStatus, linkedTime: Timestamp
    ) {
        self.id = id
        self.owner = owner
        self.broker = broker
        self.brokerUserID = brokerUserID
        self.name = name
        self.endpoint = endpoint
        self.status = status
        self.linkedTime = linkedTime
    }
}
