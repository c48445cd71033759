import Foundation
import Testing

@testable import Accounts

struct PasswordHashTests {
    @Test func `only the password that made a hash matches it`() {
        let hash = PasswordHash.make(of: Secret("correct horse"), cost: .cheap)
        #expect(hash.matches(Secret("correct horse")))
        #expect(!hash.matches(Secret("correct horsf")))
        #expect(!hash.matches(Secret("")))
    }

    @Test func `the same password never makes the same hash`() {
        let hashes = (0..<10).map { _ in PasswordHash.make(of: Secret("correct horse"), cost: .cheap).text }
        #expect(Set(hashes).count == 10)
    }

    @Test func `the text says algorithm, version and cost`() {
        let hash = PasswordHash.make(of: Secret("correct horse"), cost: .standard)
        #expect(hash.text.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(PasswordHash(hash.text)?.cost == .standard)
    }

    /// Source: the reference implementation's own test of Argon2id, two passes over 64 MiB.
    @Test func `a hash of the reference implementation is read`() {
        let text = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
        #expect(PasswordHash(text)?.matches(Secret("password")) == true)
        #expect(PasswordHash(text)?.matches(Secret("passwore")) == false)
    }

    @Test func `every character counts, also beyond 72 and after NUL`() {
        let long = String(repeating: "a", count: 100)
        let hash = PasswordHash.make(of: Secret(long), cost: .cheap)
        #expect(!hash.matches(Secret(long.dropLast() + "b")))
        let withNull = PasswordHash.make(of: Secret("abc\u{0}defgh"), cost: .cheap)
        #expect(!withNull.matches(Secret("abc\u{0}xxxxx")))
    }

    @Test func `two ways to type one letter are one password`() {
        let hash = PasswordHash.make(of: Secret("caf\u{E9} society"), cost: .cheap)
        #expect(hash.matches(Secret("cafe\u{301} society")))
    }

    @Test(arguments: [
        "", "plain", "$2b$12$abcdefghijklmnopqrstuv", "$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA",
        "$argon2id$v=16$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA", "$argon2id$v=19$m=8,t=1$c2FsdHNhbHQ$aGFzaA",
        "$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHQ$aGFzaA", "$argon2id$v=19$m=8,t=1000,p=1$c2FsdHNhbHQ$aGFzaA",
        "$argon2id$v=19$m=8,t=1,p=1$$aGFzaA", "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$",
    ])
    func `a damaged or foreign hash is not read`(text: String) {
        #expect(PasswordHash(text) == nil)
    }

    @Test func `the hash for unknown users is read by Argon2 and matches nothing`() {
        let hash = PasswordHash.unmatchable(cost: .cheap)
        #expect(!hash.matches(Secret("")))
        #expect(
            hash.text.split(separator: "$").map(\.count)
                == PasswordHash.make(of: Secret("x"), cost: .cheap).text
                .split(separator: "$").map(\.count))
    }

    @Test func `printing a hash shows nothing of it`() {
        let hash = PasswordHash.make(of: Secret("correct horse"), cost: .cheap)
        #expect(!"\(hash) \(String(reflecting: hash))".contains("argon2id"))
    }
}
