import Accounts
import Testing

struct UserCreationTests {
    private let stores = MemoryStores()
    private var creation: UserCreation { UserCreation(users: stores, hasher: PasswordHasher(cost: .cheap)) }

    @Test func `a user is kept under the normalised address and called by its first part`() async throws {
        let user = try await creation.create(email: " Ann@Example.com", password: Secret("12345678"), at: start)
        #expect(user.email.text == "ann@example.com")
        #expect(user.name == "ann")
        #expect(user.roles == [.user])
        #expect(user.isActive)
    }

    @Test(arguments: [
        ("ann", "", "12345678", UserCreationError.malformedEmail),
        ("bob@example.com", "Bo\u{7}b", "12345678", .malformedName),
        ("bob@example.com", String(repeating: "b", count: 101), "12345678", .malformedName),
        ("bob@example.com", "", "1234567", .password(.tooShort)),
    ])
    func `what breaks a rule makes no user`(
        email: String, name: String, password: String, fault: UserCreationError
    ) async throws {
        await #expect(throws: fault) {
            try await creation.create(email: email, name: name, password: Secret(password), at: start)
        }
        #expect(try await stores.count() == 0)
    }

    @Test func `an address is taken in any spelling`() async throws {
        let first = try await creation.create(email: "ann@example.com", password: Secret("12345678"), at: start)
        await #expect(throws: UserCreationError.emailTaken(first.email)) {
            try await creation.create(email: "ANN@EXAMPLE.COM ", password: Secret("12345678"), at: start)
        }
    }
}
