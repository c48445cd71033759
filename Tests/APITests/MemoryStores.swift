import Accounts
import Synchronization
import Trading

/// Users, accounts and keys that are forgotten when the test ends.
final class MemoryStores: UserStore, TradingAccountStore, SigningKeyStore {
    private struct State {
        var users: [UserID: (user: User, hash: PasswordHash)] = [:]
        var accounts: [TradingAccount] = []
        var memberships: [Membership] = []
        var keys: [StoredSigningKey] = []
        var revision = 0
        var isDown = false
    }

    private let state = Mutex(State())

    var revision: Int { state.withLock(\.revision) }

    func setDown(_ isDown: Bool) {
        state.withLock { state in
            state.isDown = isDown
            state.revision += 1
        }
    }

    func add(_ account: TradingAccount) {
        state.withLock { state in
            state.accounts.append(account)
            state.revision += 1
        }
    }

    private func check() throws(StoreUnavailable) {
        if state.withLock(\.isDown) { throw StoreUnavailable(reason: "it was told to be") }
    }

    func create(_ new: NewUser) async throws(UserStoreError) -> User {
        state.withLock { state in
            let user = User(
                id: UserID(Int64(state.users.count + 1)), email: new.email, name: new.name, roles: new.roles,
                isActive: true, createdTime: new.createdTime)
            state.users[user.id] = (user, new.passwordHash)
            return user
        }
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

    func replacePasswordHash(of _: UserID, from _: PasswordHash, to _: PasswordHash) async throws(StoreUnavailable) {}

    func setActive(_ isActive: Bool, user: UserID) async throws(StoreUnavailable) {
        state.withLock { state in
            guard let (known, hash) = state.users[user] else { return }
            let changed = User(
                id: known.id, email: known.email, name: known.name, roles: known.roles, isActive: isActive,
                createdTime: known.createdTime)
            state.users[user] = (changed, hash)
            state.revision += 1
        }
    }

    func count() async throws(StoreUnavailable) -> Int { state.withLock { $0.users.count } }
    func reserveID() async throws(StoreUnavailable) -> TradingAccountID { TradingAccountID(99) }
    func link(_ account: TradingAccount, credentials _: SealedCredentials) async throws(LinkError) { add(account) }

    func account(_ id: TradingAccountID) async throws(StoreUnavailable) -> TradingAccount? {
        state.withLock { $0.accounts.first { $0.id == id } }
    }

    func accounts() async throws(StoreUnavailable) -> [TradingAccount] { state.withLock(\.accounts) }

    func accounts(accessibleTo user: UserID) async throws(StoreUnavailable) -> [AccessibleAccount] {
        try check()
        return state.withLock { state in
            guard state.users[user]?.user.isActive == true else { return [] }
            return state.accounts.compactMap { account in
                if account.owner == user {
                    return AccessibleAccount(account: account, permissions: .all, isOwned: true)
                }
                let right = state.memberships.first { $0.account == account.id && $0.user == user }
                return right.map { AccessibleAccount(account: account, permissions: $0.permissions, isOwned: false) }
            }
        }
    }

    func setStatus(_: TradingAccountStatus, of _: TradingAccountID) async throws(StoreUnavailable) {}
    func setEndpoint(_: BrokerEndpoint?, of _: TradingAccountID) async throws(StoreUnavailable) {}

    func setMembership(_ membership: Membership) async throws(StoreUnavailable) {
        state.withLock { state in
            state.memberships.removeAll { $0.account == membership.account && $0.user == membership.user }
            if !membership.permissions.isEmpty { state.memberships.append(membership) }
            state.revision += 1
        }
    }

    func credentials(of _: TradingAccountID) async throws(StoreUnavailable) -> SealedCredentials? { nil }
    func credentialRevisions() async throws(StoreUnavailable) -> [TradingAccountID: Int64] { [:] }
    func replaceField(_: SealedField, of _: TradingAccountID) async throws(StoreUnavailable) -> Bool { false }

    func signingKeys(orAdding first: StoredSigningKey) async throws(StoreUnavailable) -> [StoredSigningKey] {
        state.withLock { state in
            if state.keys.isEmpty { state.keys = [first] }
            return state.keys
        }
    }
}
