import Accounts
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Trading

/// Signing a trading account in at its broker: how it stands, beginning, and the broker's way back.
struct BrokerLoginRoutes: Sendable {
    /// Where the broker sends browsers back to.
    static let callbackPath = "/accounts/kite/callback"

    let gate: AccountGate
    let logins: (any BrokerLogins)?

    var routes: [Route] {
        [
            .account(.get, "/accounts/{account_id}/session", .view, gate) { _, _, call in await standing(call) },
            .account(.post, "/accounts/{account_id}/login/kite", .manage, gate) { _, _, call in
                try await begin(call)
            },
            // The browser brings no token of ours; the state it carries is the proof.
            .open(.get, Self.callbackPath) { request, _ in try await finish(request) },
        ]
    }

    private func standing(_ call: AccountCall) async -> Response {
        let standing = await logins?.standing(of: call.account.id)
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("status")
        writer.value("success")
        writer.key("account_id")
        writer.value(call.account.brokerUserID)
        writer.key("state")
        writer.value(standing?.state.rawValue ?? "elsewhere")
        writer.key("valid_until")
        writer.time(standing?.validUntil)
        writer.key("reason")
        writer.text(standing?.reason)
        writer.key("next_sign_in")
        writer.time(standing?.nextSignIn)
        writer.key("unattended")
        if let standing { writer.value(standing.isUnattended) } else { writer.null() }
        writer.endObject()
        return JSONAnswer.response(writer)
    }

    private func begin(_ call: AccountCall) async throws(Refusal) -> Response {
        guard let logins else { throw Refusal(.loginNotSupported) }
        let invitation: LoginInvitation
        do throws(BrokerLoginError) {
            invitation = try await logins.begin(call.account, by: call.token.user)
        } catch {
            throw Refusal(error)
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("status")
        writer.value("success")
        writer.key("account_id")
        writer.value(call.account.brokerUserID)
        writer.key("login_url")
        writer.value(invitation.url)
        writer.key("state")
        writer.value(invitation.state)
        writer.key("expires_at")
        writer.time(invitation.expiry)
        writer.endObject()
        return JSONAnswer.response(writer)
    }

    private func finish(_ request: Request) async throws(Refusal) -> Response {
        let query = QueryFields(request)
        guard let logins, let state = query.text("state"), state.utf8.count <= 256 else {
            throw Refusal(.invalidLoginState)
        }
        let token = query.text("request_token") ?? ""
        guard token.utf8.count <= 256, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Refusal(.invalidParameter, "\"request_token\" cannot be read.")
        }
        let status = token.isEmpty ? "" : query.text("status") ?? ""
        do throws(BrokerLoginError) {
            let account = try await logins.finish(
                LoginReturn(state: state, status: status, requestToken: Secret(token)))
            return Self.page("The account \(account.brokerUserID) is signed in. You can close this window.")
        } catch {
            throw Refusal(error)
        }
    }

    /// Account names are letters, digits and `-_.@`, so nothing has to be escaped.
    private static func page(_ sentence: String) -> Response {
        let text =
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Quantagro</title><p>\(sentence)</p></html>\n"
        var headers: HTTPFields = [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"]
        headers[.contentSecurityPolicy] = "default-src 'none'"
        headers[.xContentTypeOptions] = "nosniff"
        if let policy = HTTPField.Name("Referrer-Policy") { headers[policy] = "no-referrer" }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

extension Refusal {
    /// Refuses for what became of a login at a broker.
    init(_ error: BrokerLoginError) {
        switch error {
        case .unknownState: self.init(ErrorCode.invalidLoginState)
        case .notAllowed: self.init(ErrorCode.permissionMissing)
        case .declined: self.init(ErrorCode.loginDeclined)
        case .otherUser(let sentence): self.init(.brokerUserMismatch, sentence)
        case .refused(let sentence): self.init(.rejectedByBroker, sentence)
        case .unreachable(let sentence): self.init(.brokerUnreachable, sentence, retryAfter: 5)
        case .unsupported(let sentence): self.init(.loginNotSupported, sentence)
        case .unavailable: self.init(.storeUnavailable, retryAfter: 1)
        }
    }
}
