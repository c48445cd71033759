import Trading

/// Why the vault did not do what was asked.
package enum VaultError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no such account.
    case accountUnknown
    /// Somebody else changed the same secret at the same time.
    case changedMeanwhile
    /// The stored secrets do not open.
    case sealed(SealError)
    /// The store could not answer.
    case unavailable(StoreUnavailable)

    /// One sentence that says what to do.
    package var description: String {
        switch self {
        case .accountUnknown: "There is no such trading account."
        case .changedMeanwhile: "The credential was changed by somebody else meanwhile; look and try again."
        case .sealed(let cause): cause.description
        case .unavailable(let cause): cause.description
        }
    }
}

/// A trading account about to be linked.
package struct NewTradingAccount: Sendable, Equatable {
    /// Who links it.
    package var owner: UserID
    /// The broker that holds it.
    package var broker: BrokerName
    /// The broker's name of its client.
    package var brokerUserID: String
    /// What its owner calls it.
    package var name: String
    /// Where the broker answers; nil for its well-known addresses.
    package var endpoint: BrokerEndpoint?
    /// Where it stands at first.
    package var status: TradingAccountStatus = .pendingVerification
    /// The secrets with which the broker lets us in.
    package var credentials: BrokerCredentials

    /// Puts a new account together.
    package init(
        owner: UserID, broker: BrokerName, brokerUserID: String, name: String, credentials: BrokerCredentials
    ) {
        self.owner = owner
        self.broker = broker
        self.brokerUserID = brokerUserID
        self.name = name
        self.credentials = credentials
    }
}

/// Keeps the secrets of trading accounts, each under a data key of its own that a key file wraps.
package struct CredentialVault: Sendable {
    private let store: any TradingAccountStore
    private let keyFile: KeyFile

    /// Takes the store and the key file.
    package init(store: any TradingAccountStore, keyFile: KeyFile) {
        self.store = store
        self.keyFile = keyFile
    }

    /// Links an account: seals its secrets and keeps both in one go.
    package func link(_ new: NewTradingAccount, at now: Timestamp) async throws(LinkError) -> TradingAccount {
        let id: TradingAccountID
        do { id = try await store.reserveID() } catch { throw .unavailable(error) }
        let account = TradingAccount(
            id: id, owner: new.owner, broker: new.broker, brokerUserID: new.brokerUserID, name: new.name,
            endpoint: new.endpoint, status: new.status, linkedTime: now)
        let dataKey = Sealing.makeDataKey()
        let fields = new.credentials.fields.compactMap { field in
            new.credentials[field].map { Sealing.seal($0, as: field, version: 1, of: id, with: dataKey) }
        }
        let wrapped = Sealing.wrap(dataKey, for: id, with: keyFile)
        try await store.link(account, credentials: SealedCredentials(dataKey: wrapped, fields: fields))
        return account
    }

    /// Reads an account's secrets.
    package func credentials(of account: TradingAccountID) async throws(VaultError) -> BrokerCredentials {
        let sealed = try await stored(account)
        do {
            let dataKey = try Sealing.unwrap(sealed.dataKey, for: account, with: keyFile)
            var values: [CredentialField: Secret] = [:]
            for field in sealed.fields { values[field.field] = try Sealing.open(field, of: account, with: dataKey) }
            return BrokerCredentials(values)
        } catch {
            throw .sealed(error)
        }
    }

    /// Puts a new value in place of a secret, as when the broker gives the token of the day.
    package func replace(
        _ field: CredentialField, with secret: Secret, of account: TradingAccountID
    ) async throws(VaultError) {
        let sealed = try await stored(account)
        let version = (sealed.fields.first { $0.field == field }?.version ?? 0) + 1
        let next: SealedField
        do {
            let dataKey = try Sealing.unwrap(sealed.dataKey, for: account, with: keyFile)
            next = Sealing.seal(secret, as: field, version: version, of: account, with: dataKey)
        } catch {
            throw .sealed(error)
        }
        let isKept: Bool
        do { isKept = try await store.replaceField(next, of: account) } catch { throw .unavailable(error) }
        guard isKept else { throw .changedMeanwhile }
    }

    private func stored(_ account: TradingAccountID) async throws(VaultError) -> SealedCredentials {
        let found: SealedCredentials?
        do { found = try await store.credentials(of: account) } catch { throw .unavailable(error) }
        guard let found else { throw .accountUnknown }
        return found
    }
}
