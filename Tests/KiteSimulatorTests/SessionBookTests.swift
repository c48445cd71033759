import Testing
import Trading

@testable import KiteSimulator

@Suite struct SessionBookTests {
    let now = Timestamp(indianDate: CalendarDate(daysSinceEpoch: 20_780), secondOfDay: 36_000)

    private func book() -> SessionBook {
        SessionBook(
            configuration: SimulatorConfiguration(
                apps: [.init(apiKey: "k", apiSecret: "s"), .init(apiKey: "k2", apiSecret: "s2")],
                users: [.init(userID: "U", password: "p", name: "A B", email: "a@b")]),
            random: { count in (0..<count).map { _ in UInt8.random(in: .min ... .max) } })
    }

    private func exchange(
        _ book: inout SessionBook, _ token: String, secret: String = "s", at time: Timestamp? = nil
    ) -> Result<KiteSession, KiteRefusal> {
        do throws(KiteRefusal) {
            return .success(
                try book.exchange(
                    apiKey: "k", requestToken: token, checksum: SessionBook.hexSHA256("k" + token + secret),
                    at: time ?? now))
        } catch {
            return .failure(error)
        }
    }

    private func mint(_ book: inout SessionBook, apiKey: String? = nil) throws -> String {
        let token = book.mintRequestToken(userID: "U", apiKey: apiKey, lifetime: .seconds(300), at: now)
        return try #require(token)
    }

    @Test func `a request token is good once`() throws {
        var book = book()
        let token = try mint(&book)
        let session = try exchange(&book, token).get()
        #expect(session.accessToken.utf8.count == 32)
        #expect(book.session(apiKey: "k", accessToken: session.accessToken, at: now) == session)
        #expect(exchange(&book, token) == .failure(.requestToken))
    }

    @Test func `a wrong checksum is refused and leaves the request token usable`() throws {
        var book = book()
        let token = try mint(&book)
        #expect(exchange(&book, token, secret: "wrong") == .failure(.checksum))
        #expect(throws: Never.self) { try exchange(&book, token).get() }
    }

    @Test func `a request token ends after five minutes and belongs to its app`() throws {
        var book = book()
        let late = try mint(&book)
        #expect(exchange(&book, late, at: now.advanced(by: .seconds(300))) == .failure(.requestToken))
        let foreign = try mint(&book, apiKey: "k2")
        #expect(exchange(&book, foreign) == .failure(.requestToken))
    }

    @Test func `a session ends at six the next morning in India`() throws {
        var book = book()
        let session = try exchange(&book, try mint(&book)).get()
        let six = Timestamp(indianDate: now.indian.date.adding(days: 1), secondOfDay: 21_600)
        #expect(session.expiry == six)
        #expect(book.session(apiKey: "k", accessToken: session.accessToken, at: six.advanced(by: .seconds(-1))) != nil)
        #expect(book.session(apiKey: "k", accessToken: session.accessToken, at: six) == nil)
    }

    @Test func `a second sign-in leaves the first session alone`() throws {
        var book = book()
        let first = try exchange(&book, try mint(&book)).get()
        let second = try exchange(&book, try mint(&book)).get()
        #expect(first.accessToken != second.accessToken)
        #expect(book.session(apiKey: "k", accessToken: first.accessToken, at: now) != nil)
        #expect(book.session(apiKey: "k2", accessToken: first.accessToken, at: now) == nil)
        let ended = book.end(apiKey: "k", accessToken: first.accessToken)
        #expect(ended)
        #expect(book.session(apiKey: "k", accessToken: first.accessToken, at: now) == nil)
        #expect(book.session(apiKey: "k", accessToken: second.accessToken, at: now) != nil)
        let endedAgain = book.end(apiKey: "k", accessToken: first.accessToken)
        #expect(!endedAgain)
    }

    /// Source: RFC 6238, appendix B, SHA-1, the last six of eight digits.
    @Test(arguments: [
        (Int64(59), "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
        (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ])
    func `one-time codes are those of the standard`(seconds: Int64, code: String) {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        let time = Timestamp(seconds: seconds)
        #expect(TimeCode.code(secret: secret, at: time) == code)
        #expect(TimeCode.step(of: code, secret: secret, at: time.advanced(by: .seconds(29))) != nil)
        #expect(TimeCode.step(of: code, secret: secret, at: time.advanced(by: .seconds(90))) == nil)
        #expect(TimeCode.code(secret: "not base32!", at: time) == nil)
    }

    /// Source: FIPS 180-4, the digest of "abc".
    @Test func `checksums are lowercase hexadecimal SHA-256`() {
        #expect(
            SessionBook.hexSHA256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
