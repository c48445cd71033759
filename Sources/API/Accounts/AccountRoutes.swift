import Accounts
import Gateway
import Hummingbird
import JSON

/// `GET /accounts` and `GET /accounts/{account_id}`.
struct AccountRoutes: Sendable {
    let gate: AccountGate
    let users: any UserStore

    var routes: [Route] {
        [
            .signedIn(.get, "/accounts") { request, _, token in try await list(request, token) },
            .account(.get, "/accounts/{account_id}", .view, gate) { _, _, call in try await detail(call) },
        ]
    }

    private func list(_ request: Request, _ token: AccessToken) async throws -> Response {
        let owner = QueryFields(request).text("user_id")
        let seen = try await viewable(by: token.user).filter { owner == nil || $0.account.owner.description == owner }
        let summaries = await summaries(of: seen)
        var writer = JSONWriter(reservingCapacity: 64 + 384 * seen.count)
        writer.beginObject()
        writer.key("status")
        writer.value("success")
        writer.key("count")
        writer.value(seen.count)
        writer.key("accounts")
        writer.beginArray()
        for (account, summary) in zip(seen, summaries) {
            writer.beginObject()
            writer.account(account, summary)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return JSONAnswer.response(writer)
    }

    /// Asks all sessions at once: one that has to ask its broker does not hold up the others one by one.
    private func summaries(of seen: [AccessibleAccount]) async -> [AccountSummary] {
        await withTaskGroup(of: (Int, AccountSummary).self) { group in
            for (index, entry) in seen.enumerated() {
                group.addTask { (index, await AccountSummary.read(entry.account.id, gate)) }
            }
            var result = Array(repeating: AccountSummary(), count: seen.count)
            for await (index, summary) in group { result[index] = summary }
            return result
        }
    }

    private func detail(_ call: AccountCall) async throws -> Response {
        let seen = try await viewable(by: call.token.user).first { $0.account.id == call.account.id }
        guard let seen else { throw Refusal(.accountNotFound) }
        let summary = await AccountSummary.read(call.account.id, gate)
        let owner: User?
        do { owner = try await users.user(call.account.owner) } catch { throw Refusal(.storeUnavailable) }
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("status")
        writer.value("success")
        writer.key("account")
        writer.beginObject()
        writer.account(seen, summary)
        writer.key("email")
        // An address is told to nobody but its owner.
        writer.text(seen.isOwned ? owner?.email.text : nil)
        writer.key("user_name")
        writer.text(owner?.name)
        writer.endObject()
        writer.endObject()
        return JSONAnswer.response(writer)
    }

    private func viewable(by user: UserID) async throws(Refusal) -> [AccessibleAccount] {
        do { return try await gate.directory.viewable(by: user) } catch { throw Refusal(error) }
    }
}
