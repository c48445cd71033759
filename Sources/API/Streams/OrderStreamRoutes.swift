import Accounts
import Gateway
import Hummingbird
import JSON
import Trading
import WebServer
import WebSocket

/// `WS /ws/orders/{account_id}`, `WS /ws/orders` and `GET /ws/status`.
struct OrderStreamRoutes: Sendable {
    let gate: AccountGate
    let hub: OrderUpdateHub
    let time: Timekeeping
    let origins: OriginPolicy<APIContext>

    var routes: [Route] {
        [
            .account(.get, "/ws/orders/{account_id}", .view, gate) { request, context, call in
                let channel = OrderUpdateHub.Channel(
                    id: call.account.id, name: call.account.brokerUserID, session: try call.session)
                return try upgrade(request, context, call.token, [channel])
            },
            .signedIn(.get, "/ws/orders") { request, context, token in
                try upgrade(request, context, token, try await channels(of: token.user))
            },
            .signedIn(.get, "/ws/status") { _, _, token in try await status(token) },
        ]
    }

    private func upgrade(
        _ request: Request, _ context: APIContext, _ token: AccessToken, _ channels: [OrderUpdateHub.Channel]
    ) throws -> Response {
        guard origins.admits(request) else { throw Refusal(.originNotAllowed) }
        let conversation = StreamConversation(
            token: token, channels: channels, hub: hub, directory: gate.directory, time: time)
        return try WebSocketUpgrade.response(to: request, context: context) { connection in
            await conversation.run(connection)
        }
    }

    private func channels(of user: UserID) async throws(Refusal) -> [OrderUpdateHub.Channel] {
        try await viewable(by: user).compactMap { seen in
            gate.desk.session(of: seen.account.id).map { session in
                OrderUpdateHub.Channel(id: seen.account.id, name: seen.account.brokerUserID, session: session)
            }
        }
    }

    private func status(_ token: AccessToken) async throws -> Response {
        let accounts = try await viewable(by: token.user).map(\.account)
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("status")
        writer.value("active")
        writer.key("total_clients")
        writer.value(hub.clientCount(ofAnyOf: accounts.map(\.id)))
        writer.key("channels")
        writer.beginArray()
        for account in accounts where hub.clientCount(of: account.id) > 0 {
            writer.value("orders:\(account.brokerUserID)")
        }
        writer.endArray()
        writer.endObject()
        return JSONAnswer.response(writer)
    }

    private func viewable(by user: UserID) async throws(Refusal) -> [AccessibleAccount] {
        do { return try await gate.directory.viewable(by: user) } catch { throw Refusal(error) }
    }
}

/// One client's order WebSocket, from its upgrade to its end.
struct StreamConversation: Sendable {
    /// 4401: the access token has expired; sign in and connect again.
    static let tokenExpired = WebSocketCloseCode(rawValue: 4401)
    /// 4403: the right on an account was taken away.
    static let rightLost = WebSocketCloseCode(rawValue: 4403)
    /// How often rights are looked at again.
    static let checkInterval = Duration.seconds(15)

    let token: AccessToken
    let channels: [OrderUpdateHub.Channel]
    let hub: OrderUpdateHub
    let directory: AccountDirectory
    let time: Timekeeping

    func run(_ connection: WebSocketConnection) async {
        let ticket = hub.join(channels, connection)
        defer { hub.leave(ticket) }
        await withDiscardingTaskGroup { group in
            group.addTask { await watch(connection) }
            await listen(connection)
            group.cancelAll()
        }
    }

    private func listen(_ connection: WebSocketConnection) async {
        var allowance = MessageAllowance(at: time.uptime())
        for await message in connection.inbound {
            guard allowance.take(at: time.uptime()) else {
                return connection.beginClose(code: .policyViolation, reason: "more than 10 messages a second")
            }
            let answer: PreparedFrame
            switch ClientMessage(message) {
            case .textPing: answer = PreparedFrame(text: "pong")
            case .jsonPing: answer = UpdateMessages.pong(at: time.now())
            case .unknown: answer = UpdateMessages.misunderstood()
            case .binary:
                return connection.beginClose(code: .unacceptableData, reason: "only text is understood here")
            }
            if connection.offer(answer) == .slow {
                return connection.beginClose(code: .tryAgainLater, reason: "reading too slowly")
            }
        }
    }

    /// Ends the connection when the token expires or a right is taken away.
    private func watch(_ connection: WebSocketConnection) async {
        while true {
            let left = token.expiryTime.since(time.now())
            guard left > .zero else {
                return connection.beginClose(code: Self.tokenExpired, reason: "the access token has expired")
            }
            guard (try? await time.sleep(min(left, Self.checkInterval))) != nil else { return }
            guard await mayStillView() else {
                return connection.beginClose(code: Self.rightLost, reason: "no longer allowed")
            }
        }
    }

    /// A store that does not answer takes nobody's right away.
    private func mayStillView() async -> Bool {
        guard let seen = try? await directory.viewable(by: token.user) else { return true }
        let ids = Set(seen.map(\.account.id))
        return channels.allSatisfy { ids.contains($0.id) }
    }
}
