import Trading

/// Why an account was not linked.
package enum LinkError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The pair of broker and client is linked already, here or by somebody else.
    case alreadyLinked(broker: BrokerName, brokerUserID: String)
    /// There is no such owner.
    case ownerUnknown(UserID)
    /// The store could not answer; nothing was changed.
    case unavailable(StoreUnavailable)

    /// One sentence that says what to do.
    package var description: String {
        switch self {
        case .alreadyLinked(let broker, let client): "The \(broker) account \(client) is linked already."
        case .ownerUnknown: "The user who should own the account does not exist."
        case .unavailable(let cause): cause.description
        }
    }
}

/// Keeps trading accounts, the rights on them and their sealed credentials.
package protocol TradingAccountStore: Sendable {
    /// Counts the writes made through this store, so that caches in this process notice them at once.
    var revision: Int { get }
    /// Sets a number aside for an account about to be linked; a number never used leaves a gap.
    func reserveID() async throws(StoreUnavailable) -> TradingAccountID
    /// Keeps an account with its sealed credentials, both or neither.
    func link(_ account: TradingAccount, credentials: SealedCredentials) async throws(LinkError)
    /// The account under a number; nil where there is none.
    func account(_ id: TradingAccountID) async throws(StoreUnavailable) -> TradingAccount?
    /// Every account, by number.
    func accounts() async throws(StoreUnavailable) -> [TradingAccount]
    /// The accounts on which an active user has any right: his own by number, then those shared with him by number.
    func accounts(accessibleTo user: UserID) async throws(StoreUnavailable) -> [AccessibleAccount]
    /// Changes where an account stands.
    func setStatus(_ status: TradingAccountStatus, of account: TradingAccountID) async throws(StoreUnavailable)
    /// Changes where an account's broker answers.
    func setEndpoint(_ endpoint: BrokerEndpoint?, of account: TradingAccountID) async throws(StoreUnavailable)
    /// Gives somebody a right in place of what he had; an empty set takes it away.
    func setMembership(_ membership: Membership) async throws(StoreUnavailable)
    /// An account's sealed credentials; nil where there is no such account.
    func credentials(of account: TradingAccountID) async throws(StoreUnavailable) -> SealedCredentials?
    /// A number for each account that grows with every change of its credentials, by whatever process.
    func credentialRevisions() async throws(StoreUnavailable) -> [TradingAccountID: Int64]
    /// Keeps a field's new sealed value and answers true, or false where its version does not follow the stored one.
    func replaceField(
        _ field: SealedField, of account: TradingAccountID
    ) async throws(StoreUnavailable) -> Bool
}
