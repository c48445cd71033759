import Testing
import Trading

@testable import Accounts

struct SignInTests {
    private let stores = MemoryStores()
    private let password = Secret("correct horse battery")

    private func signIn(cost: Argon2Cost = .cheap) async throws -> SignIn {
        let keyFile = KeyFile(bytes: Array(repeating: 7, count: 32))
        let tokens = try await AccessTokens.open(store: stores, keyFile: keyFile, at: start)
        return SignIn(users: stores, hasher: PasswordHasher(cost: cost), tokens: tokens)
    }

    private func ann() async throws -> User {
        try await UserCreation(users: stores, hasher: PasswordHasher(cost: .cheap))
            .create(email: "ann@example.com", password: password, at: start)
    }

    private func outcome(
        _ signIn: SignIn, _ password: Secret, as email: String = "ann@example.com", at time: Timestamp = start
    ) async throws -> SignInError? {
        do {
            _ = try await signIn.login(
                email: try #require(EmailAddress(email)), password: password, address: "192.0.2.1", at: time)
            return nil
        } catch let error as SignInError {
            return error
        }
    }

    @Test func `the right password gives a token that says who it is`() async throws {
        let user = try await ann()
        let keyFile = KeyFile(bytes: Array(repeating: 7, count: 32))
        let tokens = try await AccessTokens.open(store: stores, keyFile: keyFile, at: start)
        let signIn = SignIn(users: stores, hasher: PasswordHasher(cost: .cheap), tokens: tokens)
        let done = try await signIn.login(
            email: user.email, password: password, address: "192.0.2.1", at: start)
        #expect(done.user == user)
        #expect(done.expiresIn == .seconds(900))
        #expect(try await tokens.verify(done.accessToken.reveal(), at: start).user == user.id)
    }

    @Test func `a wrong password and an unknown address are the same answer`() async throws {
        _ = try await ann()
        let signIn = try await signIn()
        #expect(try await outcome(signIn, Secret("wrong")) == .wrongCredentials)
        #expect(try await outcome(signIn, password, as: "eve@example.com") == .wrongCredentials)
    }

    @Test(arguments: ["ann@example.com", "eve@example.com"])
    func `after ten failures not even the right password helps, known or not`(email: String) async throws {
        _ = try await ann()
        let signIn = try await signIn()
        for _ in 0..<10 { #expect(try await outcome(signIn, Secret("wrong"), as: email) == .wrongCredentials) }
        #expect(try await outcome(signIn, password, as: email) == .tooManyAttempts(retryAfter: .seconds(900)))
        let later = start.advanced(by: .seconds(900))
        let expected: SignInError? = email == "ann@example.com" ? nil : .wrongCredentials
        #expect(try await outcome(signIn, password, as: email, at: later) == expected)
    }

    @Test func `a password too long to hash is wrong and counts`() async throws {
        _ = try await ann()
        let signIn = try await signIn()
        let endless = Secret(String(repeating: "x", count: 1_048_576))
        for _ in 0..<10 { #expect(try await outcome(signIn, endless) == .wrongCredentials) }
        #expect(try await outcome(signIn, password) == .tooManyAttempts(retryAfter: .seconds(900)))
    }

    @Test func `a deactivated user is told so only with the right password`() async throws {
        let user = try await ann()
        try await stores.setActive(false, user: user.id)
        let signIn = try await signIn()
        #expect(try await outcome(signIn, Secret("wrong")) == .wrongCredentials)
        #expect(try await outcome(signIn, password) == .deactivated)
    }

    @Test func `a hash at yesterday's cost is replaced on the way in`() async throws {
        let user = try await ann()
        let today = Argon2Cost(memory: 16, passes: 1, lanes: 1)
        let signIn = try await signIn(cost: today)
        #expect(try await outcome(signIn, Secret("wrong")) == .wrongCredentials)
        #expect(try await stores.login(user.email)?.passwordHash.cost == .cheap)
        #expect(try await outcome(signIn, password) == nil)
        #expect(try await stores.login(user.email)?.passwordHash.cost == today)
        #expect(try await outcome(signIn, password) == nil)
    }

    @Test func `a failing store is nobody's failed attempt`() async throws {
        _ = try await ann()
        let signIn = try await signIn()
        let fault = StoreUnavailable(reason: "test")
        stores.fail(fault)
        for _ in 0..<20 { #expect(try await outcome(signIn, password) == .unavailable(fault)) }
        stores.fail(nil)
        #expect(try await outcome(signIn, password) == nil)
    }
}
