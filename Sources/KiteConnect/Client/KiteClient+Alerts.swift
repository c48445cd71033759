extension KiteClient {
    /// Makes an alert and returns it as Kite keeps it.
    ///
    /// With effect `.unknown` the alert may stand: look for its name in `alerts()` before making it again.
    @discardableResult
    public func createAlert(_ alert: KiteAlertRequest) async throws(KiteError) -> KiteAlert {
        var request = WireRequest(.post, "/alerts")
        request.form = try alert.form()
        return try await value(request)
    }

    /// Replaces an alert as a whole and returns it as Kite keeps it.
    @discardableResult
    public func modifyAlert(_ uuid: String, to alert: KiteAlertRequest) async throws(KiteError) -> KiteAlert {
        var request = WireRequest(.put, try Self.alertPath(uuid))
        request.form = try alert.form()
        return try await value(request)
    }

    /// The alerts of a status, or all; page by page when asked for, the first page is 1.
    public func alerts(
        status: KiteAlertStatus? = nil, page: Int? = nil, pageSize: Int? = nil
    ) async throws(KiteError) -> [KiteAlert] {
        var request = WireRequest(.get, "/alerts")
        if let status { request.query.append(("status", status.rawValue)) }
        if let page { request.query.append(("page", String(page))) }
        if let pageSize { request.query.append(("page_size", String(pageSize))) }
        return try await list(request)
    }

    /// One alert.
    public func alert(_ uuid: String) async throws(KiteError) -> KiteAlert {
        try await value(WireRequest(.get, try Self.alertPath(uuid)))
    }

    /// Deletes alerts; Kite keeps them as deleted.
    ///
    /// Throws `.input` when no alert or an empty one is named: such a call must never reach Kite.
    public func deleteAlerts(_ uuids: [String]) async throws(KiteError) {
        guard !uuids.isEmpty else { throw .unsendable("no alert was named") }
        guard uuids.allSatisfy({ !$0.isEmpty }) else { throw .unsendable("the alert's uuid is empty") }
        var request = WireRequest(.delete, "/alerts")
        request.query = uuids.map { ("uuid", $0) }
        try await decode(request) { _ in }
    }

    /// How often an alert fired and what the market was then.
    public func alertHistory(_ uuid: String) async throws(KiteError) -> [KiteAlertFiring] {
        try await list(WireRequest(.get, try Self.alertPath(uuid) + "/history"))
    }

    private static func alertPath(_ uuid: String) throws(KiteError) -> String {
        "/alerts/" + (try FormEncoding.identifier(uuid, "alert's uuid"))
    }
}
