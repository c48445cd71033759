import Crypto
import Foundation
import Synchronization
import Testing
import Trading

@testable import Accounts

struct AccessTokensTests {
    private let stores = MemoryStores()
    private let keyFile = KeyFile(bytes: Array(0..<32))
    private let user = UserID(42)

    private func open(remembering capacity: Int = 10_000) async throws -> AccessTokens {
        try await AccessTokens.open(store: stores, keyFile: keyFile, at: start, remembering: capacity)
    }

    private func claims(_ change: (inout TokenClaims) -> Void = { _ in }) -> TokenClaims {
        var claims = TokenClaims(
            sub: "42", sid: "session", jti: "token", iat: start.seconds, exp: start.seconds + 900)
        change(&claims)
        return claims
    }

    private func isValid(_ token: String, _ tokens: AccessTokens, at time: Timestamp = start) async -> Bool {
        (try? await tokens.verify(token, at: time)) != nil
    }

    @Test func `a token is valid for fifteen minutes and not a moment longer`() async throws {
        let tokens = try await open()
        let issued = try await tokens.issue(for: user, at: start)
        let text = issued.text.reveal()
        #expect(try await tokens.verify(text, at: start) == issued.token)
        let last = start.advanced(by: .microseconds(899_999_999))
        #expect(await isValid(text, tokens, at: last))
        #expect(await !isValid(text, tokens, at: start.advanced(by: .seconds(900))))
    }

    @Test func `no two tokens are one session`() async throws {
        let tokens = try await open()
        let first = try await tokens.issue(for: user, at: start)
        let second = try await tokens.issue(for: user, at: start)
        #expect(first.token.session != second.token.session)
        #expect(first.token.id != second.token.id)
        #expect("\(first)".contains(first.text.reveal()) == false)
    }

    @Test func `tokens outlive a restart because the key is kept`() async throws {
        let text = try await open().issue(for: user, at: start).text.reveal()
        #expect(await isValid(text, try await open()))
        #expect(stores.state.withLock(\.keys).count == 1)
    }

    @Test func `the stored key is sealed and needs its key file`() async throws {
        _ = try await open()
        let other = KeyFile(bytes: Array(1...32))
        await #expect(throws: TokenKeyError.self) {
            try await AccessTokens.open(store: stores, keyFile: other, at: start)
        }
        let stored = try #require(stores.state.withLock(\.keys).first)
        let opened = try SigningKey(stored, with: keyFile).privateKey.rawRepresentation
        #expect(!Data(stored.sealedPrivateKey).contains(opened))
    }

    @Test func `another installation's token is refused`() async throws {
        let other = try await AccessTokens.open(store: MemoryStores(), keyFile: keyFile, at: start)
        let text = try await other.issue(for: user, at: start).text.reveal()
        #expect(await !isValid(text, try await open()))
    }

    @Test func `every claim must be as we write it`() async throws {
        let tokens = try await open()
        let wrong: [(inout TokenClaims) -> Void] = [
            { $0.iss = "quantagro2" }, { $0.iss = "" }, { $0.aud = "quantagro" }, { $0.aud = "QUANTAGRO-API" },
            { $0.typ = "refresh" }, { $0.typ = "mfa" }, { $0.sub = "0" }, { $0.sub = "-1" }, { $0.sub = "042" },
            { $0.sub = "user:42" }, { $0.sub = "" }, { $0.sid = "" }, { $0.jti = "" },
            { $0.exp = start.seconds }, { $0.exp = start.seconds - 1 }, { $0.exp = $0.iat + 901 }, { $0.exp = .max },
            { $0.exp = .min }, { $0.iat = start.seconds + 31 }, { $0.nbf = start.seconds + 31 },
            { $0.iat = start.seconds - 1_000 },
        ]
        #expect(await isValid(try await tokens.sign(claims()), tokens))
        for change in wrong {
            let text = try await tokens.sign(claims(change))
            #expect(await !isValid(text, tokens), "\(claims(change))")
        }
    }

    @Test func `every forgery ends in the same refusal`() async throws {
        let tokens = try await open()
        let stored = try #require(stores.state.withLock(\.keys).first)
        let forger = Forger(
            real: try SigningKey(stored, with: keyFile), genuine: try await tokens.sign(claims()))
        for (name, text) in try forger.forgeries {
            await #expect(throws: TokenError.invalidToken, "\(name)") { try await tokens.verify(text, at: start) }
        }
    }

    @Test func `a token written in another spelling of the same bits is refused`() async throws {
        let tokens = try await open()
        let genuine = try await tokens.issue(for: user, at: start).text.reveal()
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let last = try #require(genuine.last)
        for other in alphabet where other != last {
            #expect(await !isValid(genuine.dropLast() + String(other), tokens))
        }
        #expect(await isValid(genuine, tokens))
    }

    @Test func `the memory of checked tokens is bounded`() async throws {
        let known = VerifiedTokens(capacity: 100)
        let token = try await open().issue(for: user, at: start).token
        for number in 0..<10_000 {
            known.keep(token, under: SHA256.hash(data: Array("\(number)".utf8)))
            #expect(known.count <= 100)
        }
        #expect(known.token(SHA256.hash(data: Array("9999".utf8)), at: start) == token)
        #expect(known.token(SHA256.hash(data: Array("9999".utf8)), at: token.expiryTime) == nil)
        #expect(known.token(SHA256.hash(data: Array("1".utf8)), at: start) == nil)
    }
}
