extension KiteClient {
    /// Makes attempts of a request within the rate limits until one succeeds or another would be no use.
    func attempts<Value>(
        _ request: WireRequest, _ attempt: (PacePermit?) async throws(KiteError) -> Value
    ) async throws(KiteError) -> Value {
        let began = timing.uptime()
        var number = 0
        while true {
            number += 1
            let permit = try await admit(request, began)
            let failure: KiteError
            do {
                let value = try await attempt(permit)
                permit?.settle(nil)
                return value
            } catch {
                permit?.settle(error)
                failure = error
            }
            let delay = retryPolicy.delay(
                after: failure, intent: request.intent, attempt: number, elapsed: timing.uptime() - began,
                chance: timing.random())
            guard let delay, (try? await timing.sleep(delay)) != nil else { throw failure }
        }
    }

    /// Waits for a request's turn: what changes something has one deadline for all attempts, a read one for each.
    private func admit(_ request: WireRequest, _ began: Duration) async throws(KiteError) -> PacePermit? {
        guard let pacer else { return nil }
        let elapsed = request.intent == .write ? timing.uptime() - began : .zero
        return try await pacer.admit(PaceRequest(scope: paceScope, pacing: request.pacing), elapsed: elapsed)
    }

    /// Whose limits the calls of this client count against.
    var paceScope: PaceScope {
        PaceScope(
            key: configuration.baseURL + " " + configuration.apiKey,
            account: configuration.baseURL + " " + (configuration.userID ?? configuration.apiKey))
    }
}
