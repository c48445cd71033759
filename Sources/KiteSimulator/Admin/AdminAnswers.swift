import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Synchronization
import Trading

/// The answers of the admin API to questions about faults, sessions and connections.
extension SimulatedKite {
    func writeFaults(to writer: inout JSONWriter) {
        writer.key("faults")
        writer.beginArray()
        for status in faults.statuses { writer.faultRow(status) }
        writer.endArray()
        writer.key("held_requests")
        writer.value(faults.heldRequests)
    }

    /// `POST /faults`: one rule, or a list of them that is taken whole or not at all.
    func addFaults(_ request: AdminRequest) throws(AdminRefusal) -> Response {
        var rules: [FaultRule] = []
        if let list = request.body["faults"] {
            guard request.body.members.count == 1, let elements = list.array else {
                throw .wrong("faults", "faults has to be a list and stand alone.")
            }
            for (place, element) in elements.enumerated() {
                guard let object = element.object else {
                    throw .wrong("faults[\(place)]", "faults[\(place)] has to be an object, not \(element.kind).")
                }
                rules.append(try rule(object, in: "faults[\(place)]."))
            }
        } else {
            rules = [try rule(request.body, in: "")]
        }
        let ids = Set(rules.map(faults.inject))
        let added = faults.statuses.filter { ids.contains($0.id) }
        return AdminEndpoints.object(status: .created) { writer in
            writer.key("faults")
            writer.beginArray()
            for status in added { writer.faultRow(status) }
            writer.endArray()
        }
    }

    private func rule(_ object: JSONObject, in place: String) throws(AdminRefusal) -> FaultRule {
        do {
            return try FaultRule(json: object)
        } catch {
            throw .wrong(place + error.field, error.description)
        }
    }

    /// `GET /faults/:id`
    func fault(_ id: UInt64) throws(AdminRefusal) -> Response {
        guard let status = faults.statuses.first(where: { $0.id == id }) else { throw unknownFault(id) }
        return AdminEndpoints.object { writer in
            writer.key("fault")
            writer.faultRow(status)
        }
    }

    /// `DELETE /faults/:id`
    func removeFault(_ id: UInt64) throws(AdminRefusal) -> Response {
        guard faults.remove(id) else { throw unknownFault(id) }
        return AdminEndpoints.object { writeFaults(to: &$0) }
    }

    private func unknownFault(_ id: UInt64) -> AdminRefusal {
        AdminRefusal(status: 404, message: "No fault in force has the number \(id).", field: "id")
    }

    /// `GET /clock`
    func clockPage() -> Response {
        let offset = faults.clockOffset
        return AdminEndpoints.object { writer in
            writer.key("time")
            writer.value(clock().indianText)
            writer.key("offset_seconds")
            writer.value(offset.secondsValue)
        }
    }

    /// `GET /tickers`
    func tickersPage() async -> Response {
        let connections = await ticker.connections
        return AdminEndpoints.object { writer in
            writer.key("connections")
            writer.beginArray()
            for connection in connections {
                writer.beginObject()
                writer.key("connection")
                writer.value(connection.number)
                writer.key("user_id")
                writer.value(connection.userID)
                writer.key("api_key")
                writer.value(connection.apiKey)
                writer.key("instruments")
                writer.value(connection.instruments)
                writer.endObject()
            }
            writer.endArray()
        }
    }

    /// `POST /tickers/disconnect`
    func disconnectTickers(_ request: AdminRequest) async throws(AdminRefusal) -> Response {
        let number = try request.number("connection")
        let userID = try request.text("user_id")
        let abruptly = try request.flag("abruptly")
        if let number, await !ticker.connections.contains(where: { $0.number == number }) {
            throw AdminRefusal(status: 404, message: "No connection has the number \(number).", field: "connection")
        }
        if let userID { try check(userID: userID) }
        let count = await ticker.disconnect(number: number, userID: userID, abruptly: abruptly)
        return AdminEndpoints.object { writer in
            writer.key("disconnected")
            writer.value(count)
        }
    }

    /// `GET /sessions`: who is signed in, without any token.
    func sessionsPage() -> Response {
        let alive = sessions.withLock { $0.sessions(at: clock()) }
        return AdminEndpoints.object { writer in
            writer.key("sessions")
            writer.beginArray()
            for session in alive {
                writer.beginObject()
                writer.key("user_id")
                writer.value(session.user.userID)
                writer.key("api_key")
                writer.value(session.app.apiKey)
                writer.key("login_time")
                writer.value(session.loginTime.indianText)
                writer.key("expiry")
                writer.value(session.expiry.indianText)
                writer.endObject()
            }
            writer.endArray()
        }
    }

    /// `POST /sessions/expire`: ends sessions now, and the ticker connections that they opened.
    func expireSessions(_ request: AdminRequest) async throws(AdminRefusal) -> Response {
        let userID = try request.text("user_id")
        let apiKey = try request.text("api_key")
        if let userID { try check(userID: userID) }
        if let apiKey, sessions.withLock({ $0.app(apiKey) }) == nil {
            throw AdminRefusal(status: 404, message: "No app has that API key.", field: "api_key")
        }
        let count = await endSessions(of: userID, apiKey: apiKey)
        return AdminEndpoints.object { writer in
            writer.key("expired")
            writer.value(count)
        }
    }

    private func check(userID: String) throws(AdminRefusal) {
        guard sessions.withLock({ $0.user(userID) }) == nil else { return }
        throw AdminRefusal(status: 404, message: "No user has the id \(userID).", field: "user_id")
    }

    /// `POST /reset`: faults, ledger, counts, request limits and the clock as at the start; orders and sessions stay.
    func reset() -> Response {
        faults.clear()
        ledger.clear()
        counts.clear()
        signIns.withLock { $0.unlock() }
        counters.withLock { $0 = RateCounters(limits: configuration.limits) }
        return AdminEndpoints.object { writer in
            writer.key("reset")
            writer.value(true)
        }
    }
}

extension SimulatedKite {
    /// Ends the sessions of a user, of an app, of both or, with neither, of everybody; their ticker connections close.
    @discardableResult
    package func endSessions(of userID: String?, apiKey: String? = nil) async -> Int {
        let ended = sessions.withLock { $0.end(userID: userID, apiKey: apiKey) }
        if apiKey == nil { signIns.withLock { $0.endVisits(of: userID) } }
        for token in ended { await ticker.disconnect(accessToken: token) }
        return ended.count
    }
}

extension Duration {
    /// Seconds to the microsecond.
    fileprivate var secondsValue: Double {
        Double(components.seconds) + Double(components.attoseconds / 1_000_000_000_000) / 1_000_000
    }
}

extension JSONWriter {
    /// Writes a rule of the faults and how often it fired.
    fileprivate mutating func faultRow(_ status: FaultStatus) {
        beginObject()
        key("id")
        value(status.id)
        key("spec")
        value(status.rule.spec)
        key("fault")
        value(status.rule.fault.name.rawValue)
        key("scope")
        value(status.rule.scope.specText)
        key("considered")
        value(status.considered)
        key("fired")
        value(status.fired)
        key("active")
        value(status.isActive)
        key("ends_at")
        value(optional: status.expiry?.indianText)
        endObject()
    }
}
