import JSON
import Testing

@testable import KiteSimulator

@Suite(.timeLimit(.minutes(2))) struct RenewalTests {
    private func renew(_ running: RunningKite, _ token: String, secret: String = RunningKite.apiSecret) async throws
        -> Answer
    {
        let checksum = hexSHA256(RunningKite.apiKey + token + secret)
        return try await running.call(
            "POST", "/session/refresh_token",
            form: "api_key=\(RunningKite.apiKey)&refresh_token=\(token)&checksum=\(checksum)")
    }

    @Test func `an approved app renews its session until the refresh token is invalidated`() async throws {
        try await withKite(configure: { _, kite in kite.apps[0].offersRefreshTokens = true }) { running in
            let opened = try await running.exchange(try #require(running.kite.mintRequestToken(for: "AB1234")))
            let token = try #require(try opened.data.at("refresh_token")?.string)
            #expect(token.utf8.count == 32)
            #expect(try await renew(running, token, secret: "other").message == "Invalid `checksum`.")
            let renewed = try await renew(running, token).data
            #expect(renewed.names == ["user_id", "access_token", "refresh_token"])
            let access = try #require(renewed.at("access_token")?.string)
            let session = "token \(RunningKite.apiKey):\(access)"
            #expect(try await running.call("GET", "/user/profile", session: session).status == 200)
            let path = "/session/token?api_key=\(RunningKite.apiKey)&refresh_token=\(token)"
            #expect(try await running.call("DELETE", path).json.at("data") == .bool(true))
            #expect(try await running.call("DELETE", path).status == 403)
            let late = try await renew(running, token)
            #expect(late.status == 403)
            #expect(try late.errorType == "TokenException")
        }
    }

    @Test func `other apps get no refresh token and are refused`() async throws {
        try await withKite { running in
            let opened = try await running.exchange(try #require(running.kite.mintRequestToken(for: "AB1234")))
            #expect(try opened.data.at("refresh_token")?.string == "")
            let refused = try await renew(running, "x")
            #expect(refused.status == 403)
            #expect(try refused.errorType == "PermissionException")
        }
    }

    @Test func `the full profile has the sample's shape`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let data = try await running.call("GET", "/user/profile/full", session: session).data
            #expect(data.at("user_id")?.string == "AB1234")
            #expect(data.at("twofa_type")?.string == "totp")
            guard SampleData.isPresent else { return }
            let sample = try SampleData.json("full_profile.json")
            #expect(Shape.differences(data, try #require(sample.at("data"))) == [])
        }
    }
}
