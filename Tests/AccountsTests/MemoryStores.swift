import Accounts
import Synchronization
import Trading

/// Stores that forget when the test ends.
final class MemoryStores: UserStore, TradingAccountStore, SigningKeyStore {
    struct State {
        var users: [UserID: (user: User, hash: PasswordHash)] = [:]
        var accounts: [TradingAccountID: TradingAccount] = [:]
        var credentials: [TradingAccountID: SealedCredentials] = [:]
        var memberships: [Membership] = []
        var keys: [StoredSigningKey] = []
        var numbers: Int64 = 0
        var revision = 0
        var accessReads = 0
        var fault: StoreUnavailable?
    }

    let state = Mutex(State())

    var revision: Int { state.withLock(\.revision) }
    var accessReads: Int { state.withLock(\.accessReads) }

    func fail(_ fault: StoreUnavailable?) { state.withLock { $0.fault = fault } }

    private func next() -> Int64 {
        state.withLock {
            $0.numbers += 1
            return $0.numbers
        }
    }

    private func check() throws(StoreUnavailable) {
        if let fault = state.withLock(\.fault) { throw fault }
    }

    func create(_ new: NewUser) async throws(UserStoreError) -> User {
        let user = User(
            id: UserID(next()), email: new.email, name: new.name, roles: new.roles, isActive: true,
            createdTime: new.createdTime)
        let isFree = state.withLock { state in
            if state.users.values.contains(where: { $0.user.email == new.email }) { return false }
            state.users[user.id] = (user, new.passwordHash)
            return true
        }
        if !isFree { throw .emailTaken(new.email) }
        return user
    }

    func user(_ id: UserID) async throws(StoreUnavailable) -> User? {
        try check()
        return state.withLock { $0.users[id]?.user }
    }

    func login(_ email: EmailAddress) async throws(StoreUnavailable) -> (user: User, passwordHash: PasswordHash)? {
        try check()
        return state.withLock { state in
            state.users.values.first { $0.user.email == email }.map { ($0.user, $0.hash) }
        }
    }

    func replacePasswordHash(
        of user: UserID, from old: PasswordHash, to new: PasswordHash
    ) async throws(StoreUnavailable) {
        state.withLock { if $0.users[user]?.hash == old { $0.users[user]?.hash = new } }
    }

    func setActive(_ isActive: Bool, user: UserID) async throws(StoreUnavailable) {
        state.withLock { state in
            guard let entry = state.users[user] else { return }
            let known = entry.user
            let changed = User(
                id: known.id, email: known.email, name: known.name, roles: known.roles, isActive: isActive,
                createdTime: known.createdTime)
            state.users[user] = (changed, entry.hash)
            state.revision += 1
        }
    }

    func count() async throws(StoreUnavailable) -> Int { state.withLock { $0.users.count } }

    func reserveID() async throws(StoreUnavailable) -> TradingAccountID { TradingAccountID(next()) }

    func link(_ account: TradingAccount, credentials: SealedCredentials) async throws(LinkError) {
        let isFree = state.withLock { state in
            let isTaken = state.accounts.values.contains {
                $0.broker == account.broker && $0.brokerUserID == account.brokerUserID
            }
            if isTaken { return false }
            state.accounts[account.id] = account
            state.credentials[account.id] = credentials
            state.revision += 1
            return true
        }
        if !isFree { throw .alreadyLinked(broker: account.broker, brokerUserID: account.brokerUserID) }
    }

    func account(_ id: TradingAccountID) async throws(StoreUnavailable) -> TradingAccount? {
        state.withLock { $0.accounts[id] }
    }

    func accounts() async throws(StoreUnavailable) -> [TradingAccount] {
        state.withLock { $0.accounts.values.sorted { $0.id < $1.id } }
    }

    func accounts(accessibleTo user: UserID) async throws(StoreUnavailable) -> [AccessibleAccount] {
        try check()
        return state.withLock { state in
            state.accessReads += 1
            let all = state.accounts.values.sorted { $0.id < $1.id }
            let own = all.filter { $0.owner == user }
            let shared = all.compactMap { account -> AccessibleAccount? in
                let right = state.memberships.first { $0.account == account.id && $0.user == user }
                return right.map { AccessibleAccount(account: account, permissions: $0.permissions, isOwned: false) }
            }
            return own.map { AccessibleAccount(account: $0, permissions: .all, isOwned: true) } + shared
        }
    }

    func setStatus(_ status: TradingAccountStatus, of id: TradingAccountID) async throws(StoreUnavailable) {
        state.withLock { state in
            guard let known = state.accounts[id] else { return }
            state.accounts[id] = TradingAccount(
                id: id, owner: known.owner, broker: known.broker, brokerUserID: known.brokerUserID,
                name: known.name, endpoint: known.endpoint, status: status, linkedTime: known.linkedTime)
            state.revision += 1
        }
    }

    func setEndpoint(_: BrokerEndpoint?, of _: TradingAccountID) async throws(StoreUnavailable) {}

    func setMembership(_ membership: Membership) async throws(StoreUnavailable) {
        state.withLock { state in
            state.memberships.removeAll { $0.account == membership.account && $0.user == membership.user }
            state.memberships.append(membership)
            state.revision += 1
        }
    }

    /// As another process would do it: this process's count of writes stays.
    func revokeElsewhere(_ user: UserID) { state.withLock { $0.memberships.removeAll { $0.user == user } } }

    func credentials(of account: TradingAccountID) async throws(StoreUnavailable) -> SealedCredentials? {
        try check()
        return state.withLock { $0.credentials[account] }
    }

    func credentialRevisions() async throws(StoreUnavailable) -> [TradingAccountID: Int64] {
        state.withLock { $0.credentials.mapValues { $0.fields.reduce(0) { $0 + $1.version } } }
    }

    func replaceField(_ field: SealedField, of account: TradingAccountID) async throws(StoreUnavailable) -> Bool {
        state.withLock { state in
            guard let known = state.credentials[account] else { return false }
            let version = known.fields.first { $0.field == field.field }?.version ?? 0
            guard field.version == version + 1 else { return false }
            state.credentials[account] = SealedCredentials(
                dataKey: known.dataKey, fields: known.fields.filter { $0.field != field.field } + [field])
            return true
        }
    }

    func signingKeys(orAdding first: StoredSigningKey) async throws(StoreUnavailable) -> [StoredSigningKey] {
        try check()
        return state.withLock { state in
            if state.keys.isEmpty { state.keys = [first] }
            return state.keys
        }
    }
}

extension Argon2Cost {
    /// As cheap as Argon2 allows, for tests that do not measure.
    static let cheap = Argon2Cost(memory: 8, passes: 1, lanes: 1)
}

/// The time at which tests begin: 2025-11-07T04:00:00Z.
let start = Timestamp(seconds: 1_762_488_000)
