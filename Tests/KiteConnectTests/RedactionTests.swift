import Synchronization
import Testing

@testable import KiteConnect

/// A canary in every place that holds a secret: it sings in no description, dump, mirror or error.
@Suite struct RedactionTests {
    private static let canary = "canary7f3a91"
    private static let configuration = KiteConfiguration(apiKey: canary + "key", accessToken: canary + "token")

    private static func client(_ body: String, status: Int = 200) -> KiteClient {
        KiteClient(
            configuration: configuration, transport: RecordingTransport(body, status: status),
            pacer: KitePacer())
    }

    /// Everything that a value shows of itself.
    private static func shown(_ value: Any) -> String {
        var text = ""
        dump(value, to: &text)
        text += "\(value) " + String(reflecting: value) + " " + String(describing: value)
        var mirrors = [Mirror(reflecting: value)]
        while let mirror = mirrors.popLast(), text.utf8.count < 1 << 20 {
            for child in mirror.children {
                text += " \(child.value)"
                mirrors.append(Mirror(reflecting: child.value))
            }
        }
        return text
    }

    private static func holders() throws -> [(name: String, value: Any)] {
        let session =
            "{\"data\":{\"user_id\":\"AB1234\",\"api_key\":\"\(canary)\",\"access_token\":\"\(canary)\","
            + "\"public_token\":\"\(canary)\",\"enctoken\":\"\(canary)\",\"refresh_token\":\"\(canary)\"}}"
        return [
            ("configuration", configuration), ("client", client("")),
            ("client with a session", client("").with(accessToken: canary)),
            ("session", try KiteAnswer.decode(KiteSession.self, from: Array(session.utf8))),
            ("renewed session", try KiteAnswer.decode(KiteRenewedSession.self, from: Array(session.utf8))),
            ("ticker", KiteTicker(configuration: configuration)),
            ("pacer", client("").pacer as Any),
            ("a list of sessions", [try KiteAnswer.decode(KiteSession.self, from: Array(session.utf8))]),
            ("an optional configuration", Optional(configuration) as Any),
        ]
    }

    @Test func `no public type that holds a secret shows it`() throws {
        for holder in try Self.holders() {
            #expect(!Self.shown(holder.value).contains(Self.canary), "\(holder.name)")
        }
    }

    @Test func `no error repeats a secret, whatever Kite says`() async throws {
        let talk =
            "{\"status\":\"error\",\"error_type\":\"\(Self.canary)tokenException\",\"message\":\"bad "
            + "\(Self.canary)key \(Self.canary)token \(Self.canary)request \(Self.canary)secret "
            + "\(Self.canary)refresh\"}"
        let client = Self.client(talk, status: 403)
        let calls: [@Sendable () async throws -> Void] = [
            { _ = try await client.orders() }, { try await client.invalidateSession() },
            {
                _ = try await client.generateSession(
                    requestToken: Self.canary + "request", apiSecret: Self.canary + "secret")
            },
            {
                _ = try await client.renewSession(
                    refreshToken: Self.canary + "refresh", apiSecret: Self.canary + "secret")
            },
            { try await client.invalidateRefreshToken(Self.canary + "refresh") },
        ]
        let mine = [["key", "token"], ["key", "token"], ["request", "secret"], ["refresh", "secret"], ["refresh"]]
        for (call, secrets) in zip(calls, mine) {
            let error = try #require(await #expect(throws: KiteError.self) { try await call() })
            for secret in secrets + ["key", "token"] {
                #expect(!Self.shown(error).contains(Self.canary + secret))
            }
        }
    }

    @Test func `an answer that cannot be read is not repeated in the error`() async throws {
        for body in ["<html>\(Self.canary)</html>", "{\"status\":\"success\",\"data\":[\"\(Self.canary)\"]}"] {
            let error = try #require(
                await #expect(throws: KiteError.self) { try await Self.client(body).orders() })
            #expect(!Self.shown(error).contains(Self.canary))
        }
    }

    @Test func `a postback's error shows neither secret nor checksum`() throws {
        let body = Array(
            ("{\"order_id\":\"171\",\"status\":\"COMPLETE\",\"exchange\":\"NSE\",\"tradingsymbol\":\"INFY\","
                + "\"transaction_type\":\"BUY\",\"quantity\":1,\"filled_quantity\":1,\"checksum\":\"x\"}").utf8)
        let error = try #require(
            #expect(throws: KiteError.self) { try KiteOrderUpdate(postback: body, apiSecret: Self.canary) })
        #expect(!Self.shown(error).contains(Self.canary))
        #expect(!Self.shown(error).contains(Checksum.hex("171", "", Self.canary)))
    }
}
