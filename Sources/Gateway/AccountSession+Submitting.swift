import Brokers
import Logging
import Metrics
import Trading

extension AccountSession {
    /// The longest an order may wait for the broker's limits before it ends unsent.
    static let patience = Duration.seconds(2)

    /// Takes a new order through the one path: key, rules, durable intent, send.
    ///
    /// Returns once the broker answered, or once it is clear that the answer is in doubt. The work goes on when the
    /// caller goes away.
    package func submit(
        _ submission: OrderSubmission, since start: Duration? = nil
    ) async throws(GatewayError) -> OrderReceipt {
        try requireReady()
        let began = start ?? parts.time.uptime()
        let result: Result<OrderReceipt, GatewayError> = await withCheckedContinuation { continuation in
            let enqueued = workInput.yield {
                continuation.resume(returning: await self.place(submission, began: began))
            }
            if case .terminated = enqueued {
                continuation.resume(returning: .failure(.notReady(reason: "The account's session has stopped.")))
            }
        }
        return try result.get()
    }

    private func place(
        _ submission: OrderSubmission, began: Duration
    ) async -> Result<OrderReceipt, GatewayError> {
        guard keysInProgress.insert(submission.idempotencyKey).inserted else { return .failure(.keyInProgress) }
        defer { keysInProgress.remove(submission.idempotencyKey) }
        do throws(GatewayError) {
            let intent: OrderIntent
            switch try await admit(submission) {
            case .repeated(let order):
                return .success(OrderReceipt(order: order, isReplay: true, timeToDeparture: nil))
            case .new(let admitted): intent = admitted
            }
            let departure = await send(intent, began: began)
            guard let order = ledger[intent.orderID] else { return .failure(.unknownOrder) }
            return .success(OrderReceipt(order: order, isReplay: false, timeToDeparture: departure))
        } catch {
            return .failure(error)
        }
    }

    private enum Admission {
        case new(OrderIntent)
        case repeated(Order)
    }

    /// Checks the rules and makes the intent durable.
    private func admit(_ submission: OrderSubmission) async throws(GatewayError) -> Admission {
        let fingerprint = submission.fingerprint
        var request = submission.request
        if request.type == .market || request.type == .stopMarket {
            request.marketProtection = request.marketProtection ?? .automatic
        }
        let instrument = parts.instruments.instrument(request.instrument)
        if let denial = InstrumentRules.denial(of: request, for: instrument) {
            // The key outranks the rules, which may have changed since it was first used.
            guard let existing = await earlier(submission.idempotencyKey) else { throw .denied(denial) }
            return try repeated(existing, fingerprint)
        }
        let intent = OrderIntent(
            orderID: parts.newOrderID(), account: parts.account, idempotencyKey: submission.idempotencyKey,
            fingerprint: fingerprint, clientOrderID: parts.tag.tag(for: submission.idempotencyKey),
            request: request, label: submission.label, principal: submission.principal,
            placedTime: parts.time.now())
        do throws(JournalError) {
            try await parts.journal.record(intent)
        } catch {
            switch error {
            case .duplicateKey(let existing):
                return try repeated(existing, fingerprint)
            case .unavailable(let reason):
                parts.logger.critical("intents cannot be made durable", metadata: ["reason": "\(reason)"])
                throw .journalUnavailable
            }
        }
        let order = Order(
            id: intent.orderID, account: intent.account, clientOrderID: intent.clientOrderID, request: intent.request,
            label: intent.label, placedTime: intent.placedTime)
        ledger.insert(order)
        updates.send(.order(order))
        return .new(intent)
    }

    private func earlier(_ key: String) async -> JournaledOrder? {
        do throws(JournalError) {
            return try await parts.journal.order(account: parts.account, idempotencyKey: key)
        } catch {
            return nil
        }
    }

    private func repeated(_ existing: JournaledOrder, _ fingerprint: String) throws(GatewayError) -> Admission {
        guard existing.intent.fingerprint == fingerprint else { throw .keyReused }
        return .repeated(ledger[existing.intent.orderID] ?? existing.order)
    }

    /// Counts the orders of a new day from zero.
    private func noteDay() {
        let today = parts.time.now().indian.date
        guard today != day else { return }
        day = today
        budget.startDay()
    }

    /// Sends a durable intent once and settles the answer; returns the time to departure, nil where it never left.
    private func send(_ intent: OrderIntent, began: Duration) async -> Duration? {
        noteDay()
        let now = parts.time.uptime()
        switch budget.request(at: now, patience: Self.patience) {
        case .tooLate:
            await settle(
                .notSent(reason: "The broker's limit of orders a second left no room in time."), of: intent.orderID)
            return nil
        case .exhausted:
            await settle(.notSent(reason: "The broker's limit of orders a day is used up."), of: intent.orderID)
            return nil
        case .leave(let moment):
            if moment > now, (try? await parts.time.sleep(moment - now)) == nil {
                await settle(.notSent(reason: "The service stopped before the order left."), of: intent.orderID)
                return nil
            }
        }
        if let reason = signedOutReason {
            await settle(.notSent(reason: reason), of: intent.orderID)
            return nil
        }
        let departed = parts.time.uptime() - began
        Timer(label: "order_gateway_seconds").record(duration: departed)
        do throws(BrokerError) {
            let order = BrokerOrder(request: intent.request, clientOrderID: intent.clientOrderID)
            let number = try await parts.broker.place(order)
            await settle(.acknowledged(brokerOrderID: number), of: intent.orderID)
        } catch {
            await settlePlacement(error, of: intent.orderID)
        }
        Timer(label: "order_broker_seconds").record(duration: parts.time.uptime() - began - departed)
        return departed
    }

    private func settlePlacement(_ error: BrokerError, of id: OrderID) async {
        Counter(label: "order_placement_errors_total", dimensions: [("cause", error.cause.rawValue)]).increment()
        switch error.outcome {
        case .notSent: await settle(.notSent(reason: error.message), of: id)
        case .rejected: await settle(.rejected(reason: error.message), of: id)
        case .unknown:
            await settle(.outcomeUnknown(reason: error.message), of: id)
            doubtInput.yield(id)
        }
    }
}
