import Synchronization

/// Notices when Kite no longer takes a session, on whatever call that shows.
///
/// Give it to a client with `KiteClient.watched(by:)`. It tells once for each access token, and never of a request
/// token that was refused or of a call without a session.
public final class KiteSessionWatch: Sendable {
    private let lastDead = Mutex<String?>(nil)
    private let onDeath: @Sendable (_ accessToken: String) -> Void

    /// Takes what to do; it gets the dead token, so that news of an old session is not taken for the new one's.
    public init(onDeath: @escaping @Sendable (_ accessToken: String) -> Void) {
        self.onDeath = onDeath
    }

    func isRefused(_ accessToken: String) {
        let isNews = lastDead.withLock { last in
            defer { last = accessToken }
            return last != accessToken
        }
        if isNews { onDeath(accessToken) }
    }
}

extension KiteClient {
    /// The same client, whose calls are watched for the end of the session.
    public func watched(by watch: KiteSessionWatch) -> KiteClient {
        KiteClient(
            configuration: configuration, transport: WatchedTransport(transport: transport, watch: watch), pacer: pacer,
            retryPolicy: retryPolicy, timing: timing)
    }
}

/// Passes requests on and looks at refusals for Kite's word that the session is dead.
struct WatchedTransport: HTTPTransport {
    let transport: any HTTPTransport
    let watch: KiteSessionWatch

    func send(_ request: PreparedRequest) async -> WireOutcome {
        let outcome = await transport.send(request)
        guard case .answer(let answer) = outcome, answer.status >= 400, case .complete(let body) = answer.body,
            let token = Self.accessToken(of: request),
            case .failure(type: "TokenException", _) = Envelope(body)
        else { return outcome }
        watch.isRefused(token)
        return outcome
    }

    /// The token in `Authorization: token key:token`; nil for calls without a session.
    private static func accessToken(of request: PreparedRequest) -> String? {
        guard let header = request.headers.first(where: { $0.name == "Authorization" })?.value,
            let colon = header.firstIndex(of: ":")
        else { return nil }
        return String(header[header.index(after: colon)...])
    }
}
