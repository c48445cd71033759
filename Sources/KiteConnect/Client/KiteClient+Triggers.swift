extension KiteClient {
    /// Makes a trigger and returns its number.
    ///
    /// With effect `.unknown` the trigger may stand: look for it in `triggers()` before making it again.
    @discardableResult
    public func placeTrigger(_ trigger: KiteTriggerRequest) async throws(KiteError) -> Int {
        var request = WireRequest(.post, "/gtt/triggers")
        request.form = try trigger.form()
        return try await receipt(request)
    }

    /// Replaces a trigger as a whole and returns its number.
    @discardableResult
    public func modifyTrigger(_ id: Int, to trigger: KiteTriggerRequest) async throws(KiteError) -> Int {
        var request = WireRequest(.put, "/gtt/triggers/\(id)")
        request.form = try trigger.form()
        return try await receipt(request)
    }

    /// Deletes a trigger and returns its number.
    @discardableResult
    public func deleteTrigger(_ id: Int) async throws(KiteError) -> Int {
        try await receipt(WireRequest(.delete, "/gtt/triggers/\(id)"))
    }

    /// The active triggers, and the others of the last seven days.
    public func triggers() async throws(KiteError) -> [KiteTrigger] {
        try await list(WireRequest(.get, "/gtt/triggers"))
    }

    /// One trigger of any age and state.
    public func trigger(_ id: Int) async throws(KiteError) -> KiteTrigger {
        try await value(WireRequest(.get, "/gtt/triggers/\(id)"))
    }

    private func receipt(_ request: WireRequest) async throws(KiteError) -> Int {
        try await value(request, as: KiteTriggerReceipt.self).triggerID
    }
}
