import Hummingbird
import JSON
import PaperExchange
import Synchronization
import Trading

extension SimulatedKite {
    /// The session that a call's header names. Source: Kite Connect, signing requests.
    func session(_ call: KiteCall) throws(KiteRefusal) -> KiteSession {
        let parts = (call.authorization ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0] == "token" else { throw .session }
        let names = parts[1].split(separator: ":", maxSplits: 1)
        guard names.count == 2 else { throw .session }
        let session = sessions.withLock { $0.session(apiKey: names[0], accessToken: names[1], at: call.time) }
        guard let session else { throw .session }
        return session
    }

    /// The session of a call that counts against an app's limits.
    func counted(_ call: KiteCall, as group: RateCounters.Group = .others) throws(KiteRefusal) -> KiteSession {
        let session = try session(call)
        try counters.withLock { (counters) throws(KiteRefusal) in
            try counters.count(group, apiKey: session.app.apiKey, at: call.time)
        }
        return session
    }

    /// `POST /session/token`
    func openSession(_ call: KiteCall) async throws(KiteRefusal) -> Response {
        let apiKey = try call.fields.required("api_key")
        let requestToken = try call.fields.required("request_token")
        let checksum = try call.fields.required("checksum")
        let (session, ended) = try sessions.withLock { (book) throws(KiteRefusal) in
            let session = try book.exchange(
                apiKey: apiKey, requestToken: requestToken, checksum: checksum, at: call.time)
            return (session, configuration.allowsOneSession ? book.endOthers(than: session) : [])
        }
        for token in ended { await ticker.disconnect(accessToken: token) }
        return Reply.success { writer in
            writer.beginObject()
            writer.profileFields(session.user, exchanges: venue.listing.exchanges)
            writer.sessionFields(session)
            writer.endObject()
        }
    }

    /// `POST /session/refresh_token`, for approved platforms alone.
    func refreshSession(_ call: KiteCall) throws(KiteRefusal) -> Response {
        let apiKey = try call.fields.required("api_key")
        let refreshToken = try call.fields.required("refresh_token")
        let checksum = try call.fields.required("checksum")
        let session = try sessions.withLock { (book) throws(KiteRefusal) in
            try book.renew(apiKey: apiKey, refreshToken: refreshToken, checksum: checksum, at: call.time)
        }
        return Reply.success { writer in
            writer.beginObject()
            writer.key("user_id")
            writer.value(session.user.userID)
            writer.key("access_token")
            writer.value(session.accessToken)
            writer.key("refresh_token")
            writer.value(refreshToken)
            writer.endObject()
        }
    }

    /// `DELETE /session/token`
    func closeSession(_ call: KiteCall) async throws(KiteRefusal) -> Response {
        let apiKey = try call.fields.required("api_key")
        if let refreshToken = call.fields["refresh_token"], call.fields["access_token"] == nil {
            guard sessions.withLock({ $0.end(apiKey: apiKey, refreshToken: refreshToken) }) else { throw .session }
            return Reply.success { $0.value(true) }
        }
        let accessToken = try call.fields.required("access_token")
        guard sessions.withLock({ $0.end(apiKey: apiKey, accessToken: accessToken) }) else { throw .session }
        await ticker.disconnect(accessToken: accessToken)
        return Reply.success { $0.value(true) }
    }

    /// `GET /user/profile`
    func profile(_ call: KiteCall) throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        return Reply.success { writer in
            writer.beginObject()
            writer.profileFields(user, exchanges: venue.listing.exchanges)
            writer.endObject()
        }
    }

    /// `GET /user/profile/full`
    func fullProfile(_ call: KiteCall) throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        return Reply.success(reserving: 1_024) { $0.fullProfile(user, exchanges: venue.listing.exchanges) }
    }

    /// `GET /user/margins` and `GET /user/margins/:segment`
    func margins(_ call: KiteCall, segment name: String?) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        let margins = await venue.margins(of: user.userID)
        if let name {
            guard let segment = MarginSegment(rawValue: name) else { throw .invalid("segment") }
            return Reply.success { $0.marginBlock(margins[segment] ?? Margin()) }
        }
        return Reply.success(reserving: 1_024) { writer in
            writer.beginObject()
            for segment in MarginSegment.allCases {
                writer.key(dynamic: segment.rawValue)
                writer.marginBlock(margins[segment] ?? Margin())
            }
            writer.endObject()
        }
    }
}
