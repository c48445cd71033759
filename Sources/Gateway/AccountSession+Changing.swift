import Brokers
import Trading

extension AccountSession {
    /// Changes a working order; returns it as it stands afterwards.
    package func modify(
        _ brokerOrderID: String, _ change: OrderChange
    ) async throws(GatewayError) -> Order {
        let order = try openOrder(brokerOrderID)
        let changed = order.request.applying(change, to: order)
        let instrument = parts.instruments.instrument(order.request.instrument)
        if let denial = InstrumentRules.denial(of: changed, for: instrument) { throw .denied(denial) }
        try await command { [parts] () throws(BrokerError) in
            try await parts.broker.modify(brokerOrderID, BrokerOrderChange(change: change, current: changed))
        }
        return try known(brokerOrderID)
    }

    /// Takes an order out of the book; returns it as it stands afterwards.
    package func cancel(_ brokerOrderID: String) async throws(GatewayError) -> Order {
        _ = try openOrder(brokerOrderID)
        try await command { [parts] () throws(BrokerError) in
            try await parts.broker.cancel(brokerOrderID)
        }
        return try known(brokerOrderID)
    }

    private func openOrder(_ brokerOrderID: String) throws(GatewayError) -> Order {
        try requireReady()
        let order = try known(brokerOrderID)
        guard order.status.isOpen else { throw .notOpen(order.status) }
        return order
    }

    private func known(_ brokerOrderID: String) throws(GatewayError) -> Order {
        guard let order = ledger.order(brokerOrderID: brokerOrderID) else { throw .unknownOrder }
        return order
    }

    /// Runs a change at the broker as work of the session, then reads the book for the state it left.
    private func command(
        _ call: @escaping @Sendable () async throws(BrokerError) -> Void
    ) async throws(GatewayError) {
        let failure: BrokerError? = await withCheckedContinuation { continuation in
            let enqueued = workInput.yield {
                do throws(BrokerError) {
                    try await call()
                    await self.readBook()
                    continuation.resume(returning: nil)
                } catch {
                    await self.readBook()
                    continuation.resume(returning: error)
                }
            }
            if case .terminated = enqueued {
                continuation.resume(returning: BrokerError(.notSent, .unreachable, "The session has stopped."))
            }
        }
        guard let failure else { return }
        switch failure.outcome {
        case .unknown: throw .outcomeUnknown(failure.message)
        case .rejected: throw .refused(BrokerRefusal(code: failure.cause.rawValue, message: failure.message))
        case .notSent: throw .notReady(reason: failure.message)
        }
    }
}

extension OrderRequest {
    /// The terms an order has now, with a change applied.
    func applying(_ change: OrderChange, to order: Order) -> OrderRequest {
        var result = self
        result.quantity = change.quantity ?? order.quantity
        result.type = change.type ?? type
        result.timeInForce = change.timeInForce ?? timeInForce
        result.price = result.type.needsPrice ? change.price ?? order.price : nil
        result.triggerPrice = result.type.needsTrigger ? change.triggerPrice ?? order.triggerPrice : nil
        if result.type == .market || result.type == .stopMarket {
            result.marketProtection = marketProtection ?? .automatic
        }
        return result
    }
}
