import Accounts
import Testing
import Trading

struct UserStoreContractTests {
    @Test(arguments: StoreEngine.all)
    func `a user comes back as he was made, also after a restart`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, reopen in
            let ann = try await stores.addUser(roles: [.user, .admin])
            #expect(ann.isActive)
            #expect(try await stores.users.user(ann.id) == ann)
            let later = try await reopen().users
            #expect(try await later.user(ann.id) == ann)
            let login = try #require(try await later.login(ann.email))
            #expect(login.user == ann)
            #expect(try login.passwordHash == Sample.hash("AAAA"))
            #expect(try await later.count() == 1)
        }
    }

    @Test(arguments: StoreEngine.all)
    func `nobody is found under a number or address that is not there`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            #expect(try await stores.users.user(UserID(1)) == nil)
            let nobody = try #require(EmailAddress("a@b.cd"))
            #expect(try await stores.users.login(nobody) == nil)
            #expect(try await stores.users.count() == 0)
        }
    }

    @Test(arguments: StoreEngine.all)
    func `of a hundred who want one address at once, one gets it`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            let taken = try #require(EmailAddress("ann@example.com"))
            let outcomes = await withTaskGroup(of: UserStoreError?.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        do { try await stores.addUser() } catch { return error as? UserStoreError }
                        return nil
                    }
                }
                return await group.reduce(into: [UserStoreError?]()) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 == nil }.count == 1)
            #expect(outcomes.filter { $0 == .emailTaken(taken) }.count == 99)
            #expect(try await stores.users.count() == 1)
        }
    }

    @Test(arguments: StoreEngine.all)
    func `numbers differ and are never given twice`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, reopen in
            let ann = try await stores.addUser()
            _ = try? await stores.addUser()
            let bob = try await reopen().addUser("bob@example.com")
            #expect(ann.id < bob.id)
        }
    }

    @Test(arguments: StoreEngine.all)
    func `a hash is replaced only where it is still the one that was seen`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            let ann = try await stores.addUser()
            let (old, new, other) = (try Sample.hash("AAAA"), try Sample.hash("BBBB"), try Sample.hash("CCCC"))
            try await stores.users.replacePasswordHash(of: ann.id, from: other, to: new)
            #expect(try await stores.users.login(ann.email)?.passwordHash == old)
            try await stores.users.replacePasswordHash(of: ann.id, from: old, to: new)
            #expect(try await stores.users.login(ann.email)?.passwordHash == new)
        }
    }

    @Test(arguments: StoreEngine.all)
    func `a deactivated user stays, marked, and loses his accounts' sight at once`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            let ann = try await stores.addUser()
            try await stores.addAccount(of: ann.id)
            let revision = stores.accounts.revision
            try await stores.users.setActive(false, user: ann.id)
            #expect(try await stores.users.user(ann.id)?.isActive == false)
            #expect(try await stores.accounts.accounts(accessibleTo: ann.id).isEmpty)
            #expect(stores.accounts.revision != revision)
        }
    }

    @Test(arguments: StoreEngine.all)
    func `text that looks like SQL is only text`(engine: StoreEngine) async throws {
        try await engine.withStores { stores, _ in
            let email = try #require(EmailAddress("o'neil--@example.com"))
            let name = #"'); DROP TABLE users; -- "é🔑"#
            let user = try await stores.users.create(
                NewUser(email: email, name: name, passwordHash: try Sample.hash("AAAA"), createdTime: Sample.time))
            #expect(try await stores.users.login(email)?.user == user)
            #expect(user.name == name)
        }
    }
}
