import Accounts
import Synchronization
import Testing
import Trading

struct AccountDirectoryTests {
    private final class Clock: Sendable {
        private let time = Mutex(start)
        func pass(_ duration: Duration) { time.withLock { $0 = $0.advanced(by: duration) } }
        var now: Timestamp { time.withLock { $0 } }
    }

    private let stores = MemoryStores()
    private let clock = Clock()
    private let directory: AccountDirectory
    private let ann = UserID(101)
    private let bob = UserID(102)

    init() {
        directory = AccountDirectory(store: stores) { [clock] in clock.now }
    }

    private func add(
        _ id: Int64, owner: UserID, client: String, broker: BrokerName = .kite,
        status: TradingAccountStatus = .active
    ) async throws {
        try await stores.link(
            TradingAccount(
                id: TradingAccountID(id), owner: owner, broker: broker, brokerUserID: client, name: client,
                endpoint: nil, status: status, linkedTime: start),
            credentials: SealedCredentials(dataKey: WrappedDataKey(keyFileID: "", box: []), fields: []))
    }

    private func share(_ id: Int64, with user: UserID, _ permissions: Set<Permission>) async throws {
        try await stores.setMembership(
            Membership(
                account: TradingAccountID(id), user: user, permissions: permissions, grantedBy: ann,
                grantedTime: start))
    }

    private func found(
        _ text: String, by user: UserID, _ permission: Permission = .view
    ) async throws -> Result<Int64, AccessError> {
        let reference = try #require(AccountReference(text))
        do {
            return .success(try await directory.resolve(reference, for: user, requiring: permission).id.rawValue)
        } catch {
            return .failure(error)
        }
    }

    @Test func `an account is found by our number, by the broker's name and as primary`() async throws {
        try await add(1, owner: ann, client: "AB1234")
        for text in ["1", "AB1234", "primary"] { #expect(try await found(text, by: ann) == .success(1)) }
    }

    @Test(arguments: ["2", "CD5678", "99", "ab1234", "01", "primary2"])
    func `what does not exist and what is another's are the same answer`(text: String) async throws {
        try await add(1, owner: ann, client: "AB1234")
        try await add(2, owner: bob, client: "CD5678")
        #expect(try await found(text, by: ann, .manage) == .failure(.notFound))
    }

    @Test func `primary is the first own active account, else the first shared one, else nothing`() async throws {
        #expect(try await found("primary", by: ann) == .failure(.notFound))
        try await add(1, owner: bob, client: "A")
        try await share(1, with: ann, [.view])
        #expect(try await found("primary", by: ann) == .success(1))
        try await add(2, owner: ann, client: "B", status: .deactivated)
        #expect(try await found("primary", by: ann) == .success(1))
        try await add(4, owner: ann, client: "D")
        try await add(3, owner: ann, client: "C")
        #expect(try await found("primary", by: ann) == .success(3))
    }

    @Test func `a number is our number where the caller may view it, else the broker's name`() async throws {
        try await add(7, owner: ann, client: "1001")
        try await add(8, owner: ann, client: "7")
        try await add(1_001, owner: bob, client: "ZZ")
        #expect(try await found("7", by: ann) == .success(7))
        #expect(try await found("1001", by: ann) == .success(7))
        try await share(1_001, with: ann, [.view])
        #expect(try await found("1001", by: ann) == .success(1_001))
    }

    @Test func `the same client at two brokers is the one that comes first, own before shared`() async throws {
        try await add(1, owner: bob, client: "AB1234", broker: .paper)
        try await share(1, with: ann, [.view])
        try await add(2, owner: ann, client: "AB1234")
        #expect(try await found("AB1234", by: ann) == .success(2))
    }

    /// Rows: what the member was given; columns: what he wants.
    @Test(
        arguments: [
            ([], [AccessError.notFound, .notFound, .notFound]),
            ([Permission.view], [nil, .forbidden(missing: .trade), .forbidden(missing: .manage)]),
            ([.view, .trade], [nil, nil, .forbidden(missing: .manage)]),
            ([.view, .trade, .manage], [nil, nil, nil]),
            ([.trade], [.notFound, .notFound, .notFound]),
        ] as [([Permission], [AccessError?])])
    func `a member has exactly what he was given`(granted: [Permission], expected: [AccessError?]) async throws {
        try await add(1, owner: ann, client: "AB1234")
        try await share(1, with: bob, Set(granted))
        for (permission, fault) in zip(Permission.allCases, expected) {
            let outcome: Result<Int64, AccessError> = fault.map { .failure($0) } ?? .success(1)
            #expect(try await found("1", by: bob, permission) == outcome)
            #expect(try await found("1", by: ann, permission) == .success(1))
        }
    }

    @Test func `within a second the store is asked once`() async throws {
        try await add(1, owner: ann, client: "AB1234")
        for _ in 0..<1_000 { _ = try await found("1", by: ann) }
        #expect(stores.accessReads == 1)
        clock.pass(.seconds(1))
        _ = try await found("1", by: ann)
        #expect(stores.accessReads == 2)
    }

    @Test func `a write in this process is seen at once, one elsewhere within a second`() async throws {
        try await add(1, owner: ann, client: "AB1234")
        #expect(try await found("1", by: bob) == .failure(.notFound))
        try await share(1, with: bob, [.view])
        #expect(try await found("1", by: bob) == .success(1))
        stores.revokeElsewhere(bob)
        clock.pass(.milliseconds(999))
        #expect(try await found("1", by: bob) == .success(1))
        clock.pass(.milliseconds(1))
        #expect(try await found("1", by: bob) == .failure(.notFound))
    }

    @Test func `a clock set back does not keep old rights alive`() async throws {
        try await add(1, owner: ann, client: "AB1234")
        try await share(1, with: bob, [.view])
        #expect(try await found("1", by: bob) == .success(1))
        stores.revokeElsewhere(bob)
        clock.pass(.seconds(-3_600))
        #expect(try await found("1", by: bob) == .failure(.notFound))
    }

    @Test func `a failing store lets nobody in`() async throws {
        try await add(1, owner: ann, client: "AB1234")
        let fault = StoreUnavailable(reason: "test")
        stores.fail(fault)
        #expect(try await found("1", by: ann) == .failure(.unavailable(fault)))
    }

    @Test(arguments: ["", "a/b", "a b", "é", "a\u{0}", "%41", "+1", String(repeating: "a", count: 101)])
    func `what cannot name an account is not a reference`(text: String) {
        #expect(AccountReference(text) == nil)
    }
}
