import Hummingbird
import JSON
import PaperExchange
import Synchronization
import Trading

extension SimulatedKite {
    /// `POST /orders/:variety`. Source: Kite Connect, orders.
    func place(_ call: KiteCall, variety: String) async throws(KiteRefusal) -> Response {
        let user = try session(call).user
        try counters.withLock { (counters) throws(KiteRefusal) in
            try counters.countOrder(
                userID: user.userID, orders: OrderForm.count(call.fields, variety: variety), at: call.time)
        }
        let form = try OrderForm(call.fields, variety: variety, userID: user.userID)
        guard form.isAutosliced, form.request.variety.isSliceable else {
            return Reply.orderID(try await place(form.request, for: user.userID))
        }
        return try await placeSliced(form.request, for: user.userID)
    }

    /// `PUT /orders/:variety/:order_id`. The variety has to be one; the order is known by its number alone, and a
    /// `parent_order_id` says nothing more of it.
    func modify(_ call: KiteCall, variety: String, orderID: String) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        guard Variety.names.contains(variety) else { throw KiteRefusal(.varietyNotOffered(variety)) }
        let form = try OrderChangeForm(call.fields)
        do {
            try await venue.modify(orderID, form.change, protection: form.protection, for: user.userID)
        } catch {
            throw KiteRefusal(error)
        }
        return Reply.orderID(orderID)
    }

    /// `DELETE /orders/:variety/:order_id`, which for a cover order's second leg is the way out of the position.
    /// Official clients may leave `parent_order_id` out: it is not needed.
    func cancel(_ call: KiteCall, variety: String, orderID: String) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        guard Variety.names.contains(variety) else { throw KiteRefusal(.varietyNotOffered(variety)) }
        do {
            try await venue.cancel(orderID, for: user.userID)
        } catch {
            throw KiteRefusal(error)
        }
        return Reply.orderID(orderID)
    }

    /// `GET /orders`
    func orders(_ call: KiteCall) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        return Reply.list(await book(call, of: user).orders()) { $0.orderRow($1) }
    }

    /// `GET /orders/:order_id`
    func history(_ call: KiteCall, orderID: String) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        guard var states = await book(call, of: user).history(of: orderID), !states.isEmpty else {
            throw .unknownOrder
        }
        // The first row comes from before the instrument is looked up. Source: Kite Connect, sample history.
        states[0].token = InstrumentToken(1)
        return Reply.list(states) { $0.orderRow($1) }
    }

    /// `GET /trades`
    func trades(_ call: KiteCall) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        return Reply.list(await book(call, of: user).trades()) { $0.tradeRow($1) }
    }

    /// `GET /orders/:order_id/trades`
    func trades(_ call: KiteCall, orderID: String) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        guard let trades = await book(call, of: user).trades(ofOrder: orderID) else { throw .unknownOrder }
        return Reply.list(trades) { $0.tradeRow($1) }
    }

    private func place(_ request: VenueOrderRequest, for account: String) async throws(KiteRefusal) -> String {
        do {
            return try await venue.place(request, for: account)
        } catch {
            throw KiteRefusal(error)
        }
    }
}

extension Variety {
    /// Whether orders of it may be split at the freeze limit; the others come in parts of their own.
    fileprivate var isSliceable: Bool { self == .regular || self == .afterMarket }
}

/// Splits quantities above an exchange's freeze limit. Source: Kite Connect, autoslice.
extension SimulatedKite {
    /// Slices a call may come to.
    private static let sliceLimit = 10

    private func placeSliced(_ request: VenueOrderRequest, for account: String) async throws(KiteRefusal) -> Response {
        let slices = try slices(of: request.terms)
        guard slices.count > 1 else {
            let id = try await place(request, for: account)
            return sliced(parent: id, [.success(id)])
        }
        let parent = await venue.reserveOrderID()
        var children: [Result<String, KiteRefusal>] = []
        for quantity in slices {
            var slice = request
            slice.terms.quantity = quantity
            slice.tags += ["autoslice", "autoslice:\(parent)"]
            do throws(KiteRefusal) {
                children.append(.success(try await place(slice, for: account)))
            } catch {
                children.append(.failure(error))
            }
        }
        return sliced(parent: parent, children)
    }

    private func slices(of terms: OrderRequest) throws(KiteRefusal) -> [Quantity] {
        guard let instrument = venue.listing.instrument(terms.instrument), let freeze = instrument.freezeQuantity,
            terms.quantity > freeze
        else { return [terms.quantity] }
        let lot = max(instrument.lotSize.units, 1)
        let size = max(freeze.units / lot, 1) * lot
        let count = (terms.quantity.units - 1) / size + 1
        guard count <= Self.sliceLimit else {
            throw .input("An order can be sliced into \(Self.sliceLimit) at most; place fewer than \(count) slices.")
        }
        return (0..<count).map { Quantity(min(size, terms.quantity.units - $0 * size)) }
    }

    private func sliced(parent: String, _ children: [Result<String, KiteRefusal>]) -> Response {
        Reply.success { writer in
            writer.beginObject()
            writer.key("order_id")
            writer.value(parent)
            writer.key("children")
            writer.beginArray()
            for child in children { writer.slice(child) }
            writer.endArray()
            writer.endObject()
        }
    }
}

extension JSONWriter {
    fileprivate mutating func slice(_ result: Result<String, KiteRefusal>) {
        beginObject()
        switch result {
        case .success(let id):
            key("order_id")
            value(id)
        case .failure(let refusal):
            key("error")
            beginObject()
            key("code")
            value(refusal.status)
            refusalFields(refusal)
            endObject()
        }
        endObject()
    }
}
