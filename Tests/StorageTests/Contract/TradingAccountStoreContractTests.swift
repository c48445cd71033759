import Accounts
import Testing
import Trading

struct TradingAccountStoreContractTests {
    @Test(arguments: StoreEngine.all)
    func `an account comes back as it was linked, also after a restart`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, reopen in
            let ann = try await stores.addUser()
            let endpoint = BrokerEndpoint(baseURL: "http://127.0.0.1:8010", tickerURL: "ws://127.0.0.1:8010/")
            let account = try await stores.addAccount(of: ann.id, endpoint: endpoint)
            let later = try await reopen().accounts
            #expect(try await later.account(account.id) == account)
            #expect(try await later.accounts() == [account])
            #expect(try await later.credentials(of: account.id) == Sample.credentials)
            #expect(try await later.account(TradingAccountID(99)) == nil)
            #expect(try await later.credentials(of: TradingAccountID(99)) == nil)
        }
    }

    @Test(arguments: StoreEngine.all)
    func `a pair of broker and client is linked once, by whomever`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            let (ann, bob) = (try await stores.addUser(), try await stores.addUser("bob@example.com"))
            let first = try await stores.addAccount(of: ann.id)
            for user in [ann, bob] {
                await #expect(throws: LinkError.alreadyLinked(broker: .kite, brokerUserID: "AB1234")) {
                    try await stores.addAccount(of: user.id)
                }
            }
            try await stores.addAccount(of: bob.id, broker: .paper)
            #expect(try await stores.accounts.credentials(of: first.id) == Sample.credentials)
            #expect(try await stores.accounts.accounts().count == 2)
        }
    }

    @Test(arguments: StoreEngine.all)
    func `an account without an owner is refused whole`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            await #expect(throws: LinkError.ownerUnknown(UserID(7))) { try await stores.addAccount(of: UserID(7)) }
            let linked = try await stores.accounts.accounts()
            #expect(linked.isEmpty)
        }
    }

    @Test(arguments: StoreEngine.all)
    func `own accounts come first, then shared ones with exactly the rights given`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            let (ann, bob) = (try await stores.addUser(), try await stores.addUser("bob@example.com"))
            let shared = try await stores.addAccount(of: ann.id, client: "A")
            try await stores.addAccount(of: ann.id, client: "B")
            let own = try await stores.addAccount(of: bob.id, client: "C")
            let accounts = stores.accounts
            #expect(try await accounts.accounts(accessibleTo: bob.id).map(\.account) == [own])
            for rights in [[Permission.view], [.view, .trade], [.trade], [.view, .trade, .manage]] {
                let revision = accounts.revision
                try await accounts.setMembership(
                    Membership(
                        account: shared.id, user: bob.id, permissions: Set(rights), grantedBy: ann.id,
                        grantedTime: Sample.time))
                #expect(accounts.revision != revision)
                #expect(
                    try await accounts.accounts(accessibleTo: bob.id) == [
                        AccessibleAccount(account: own, permissions: .all, isOwned: true),
                        AccessibleAccount(account: shared, permissions: Set(rights), isOwned: false),
                    ])
            }
            try await accounts.setMembership(
                Membership(
                    account: shared.id, user: bob.id, permissions: [], grantedBy: ann.id, grantedTime: Sample.time))
            #expect(try await accounts.accounts(accessibleTo: bob.id).map(\.account) == [own])
        }
    }

    @Test(arguments: StoreEngine.all)
    func `an owner's membership of his own account takes nothing away`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            let ann = try await stores.addUser()
            let account = try await stores.addAccount(of: ann.id)
            try await stores.accounts.setMembership(
                Membership(
                    account: account.id, user: ann.id, permissions: [.view], grantedBy: ann.id,
                    grantedTime: Sample.time))
            #expect(
                try await stores.accounts.accounts(accessibleTo: ann.id) == [
                    AccessibleAccount(account: account, permissions: .all, isOwned: true)
                ])
        }
    }

    @Test(arguments: StoreEngine.all)
    func `status and endpoint change and caches hear of it`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            let account = try await stores.addAccount(of: try await stores.addUser().id)
            let revision = stores.accounts.revision
            try await stores.accounts.setStatus(.credentialsExpired, of: account.id)
            let endpoint = BrokerEndpoint(baseURL: "http://127.0.0.1:1", tickerURL: "ws://127.0.0.1:1")
            try await stores.accounts.setEndpoint(endpoint, of: account.id)
            let changed = try #require(try await stores.accounts.account(account.id))
            #expect(changed.status == .credentialsExpired)
            #expect(changed.endpoint == endpoint)
            #expect(stores.accounts.revision == revision + 2)
            try await stores.accounts.setEndpoint(nil, of: account.id)
            #expect(try await stores.accounts.account(account.id)?.endpoint == nil)
        }
    }

    @Test(arguments: StoreEngine.all)
    func `a field's new value is kept only where its version follows`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            let account = try await stores.addAccount(of: try await stores.addUser().id)
            let table: [(CredentialField, Int64, Bool)] = [
                (.apiKey, 1, false), (.apiKey, 3, false), (.apiKey, 2, true), (.apiKey, 2, false),
                (.accessToken, 2, false), (.accessToken, 1, true), (.accessToken, 2, true),
            ]
            for (field, version, isKept) in table {
                let sealed = SealedField(field: field, version: version, box: [9, UInt8(version)])
                #expect(try await stores.accounts.replaceField(sealed, of: account.id) == isKept)
            }
            let fields = try #require(try await stores.accounts.credentials(of: account.id)).fields
            #expect(fields.first { $0.field == .apiKey }?.box == [9, 2])
            #expect(fields.first { $0.field == .accessToken }?.version == 2)
        }
    }

    @Test(arguments: StoreEngine.all)
    func `a change of credentials shows in every process, and only for its account`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, reopen in
            let owner = try await stores.addUser().id
            let account = try await stores.addAccount(of: owner)
            let other = try await stores.addAccount(of: owner, client: "ZZ0001")
            let elsewhere = try await reopen().accounts
            let before = try await elsewhere.credentialRevisions()
            #expect(Set(before.keys) == [account.id, other.id])
            for version in [Int64(1), 2] {
                let sealed = SealedField(field: .session, version: version, box: [1])
                #expect(try await stores.accounts.replaceField(sealed, of: account.id))
            }
            let after = try await elsewhere.credentialRevisions()
            #expect(after[other.id] == before[other.id])
            #expect(try #require(after[account.id]) > (try #require(before[account.id])))
        }
    }

    @Test(arguments: StoreEngine.all)
    func `numbers set aside are never given twice`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, reopen in
            let other = try await reopen().accounts
            var numbers: Set<TradingAccountID> = []
            for _ in 0..<20 {
                numbers.insert(try await stores.accounts.reserveID())
                numbers.insert(try await other.reserveID())
            }
            #expect(numbers.count == 40)
        }
    }

    @Test(arguments: StoreEngine.all)
    func `those who start at once agree on the first signing key`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, reopen in
            let other = try await reopen()
            let found = try await withThrowingTaskGroup(of: [StoredSigningKey].self) { group in
                for number in 0..<20 {
                    let store = number.isMultiple(of: 2) ? stores : other
                    let key = StoredSigningKey(
                        id: "key \(number)", publicKey: [1], sealedPrivateKey: [2, UInt8(number)], keyFileID: "f",
                        createdTime: Sample.time)
                    group.addTask { try await store.signingKeys.signingKeys(orAdding: key) }
                }
                return try await group.reduce(into: Set<[StoredSigningKey]>()) { $0.insert($1) }
            }
            #expect(found.count == 1)
            #expect(found.first?.count == 1)
        }
    }
}
