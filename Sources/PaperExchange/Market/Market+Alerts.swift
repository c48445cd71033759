import Trading

extension Market {
    /// Makes an alert under a name that the caller drew.
    mutating func createAlert(
        _ request: AlertRequest, uuid: String, for account: String, at now: Timestamp
    ) throws(AlertRefusal) -> Alert {
        let slots = try check(request, for: account, at: now)
        guard !alerts.isTaken(uuid) else { throw .repeatedID }
        guard alerts.enabledCount(of: account) < AlertBook.activeLimit else {
            throw .tooManyActive(limit: AlertBook.activeLimit)
        }
        return alerts.add(request, uuid: uuid, for: account, slots: slots, at: now)
    }

    /// Replaces what an alert is about; one that has fired waits again.
    mutating func modifyAlert(
        _ uuid: String, to request: AlertRequest, for account: String, at now: Timestamp
    ) throws(AlertRefusal) -> Alert {
        guard let place = alerts.place(of: uuid, account: account) else { throw .unknownAlert }
        guard alerts.all[place].status != .deleted else { throw .deleted }
        let slots = try check(request, for: account, at: now)
        if alerts.all[place].status == .disabled, alerts.enabledCount(of: account) >= AlertBook.activeLimit {
            throw .tooManyActive(limit: AlertBook.activeLimit)
        }
        alerts.replace(place, with: request, slots: slots, at: now)
        return alerts.all[place]
    }

    /// Deletes all of some alerts, or none where one of them is not there.
    mutating func deleteAlerts(_ uuids: [String], for account: String, at now: Timestamp) throws(AlertRefusal) {
        let places = uuids.map { alerts.place(of: $0, account: account) }
        guard !places.contains(nil) else { throw .unknownAlert }
        for place in places.compactMap(\.self) where alerts.all[place].status != .deleted {
            alerts.delete(place, at: now)
        }
    }

    func alert(_ uuid: String, of account: String) -> Alert? {
        alerts.place(of: uuid, account: account).map { alerts.all[$0] }
    }

    func alertHistory(_ uuid: String, of account: String) -> [Alert.Firing]? {
        alerts.place(of: uuid, account: account).map(alerts.history)
    }

    /// Fires those about some instruments; nil stands for all.
    mutating func fireAlerts(in moved: Set<Int>?, at now: Timestamp, _ admission: OrderAdmission) {
        for place in alerts.waiting {
            let slots = alerts.slots[place]
            if let moved, !moved.contains(slots.subject), !(slots.reference.map(moved.contains) ?? false) { continue }
            let condition = alerts.all[place].request.condition
            guard let left = lastPrice(slots.subject, at: now) else { continue }
            var right: Price?
            if case .constant(let price) = condition.reference { right = price }
            if let reference = slots.reference { right = lastPrice(reference, at: now) }
            guard let right, condition.comparison.holds(left, right) else { continue }
            fire(place, at: now, admission)
        }
    }

    private mutating func fire(_ place: Int, at now: Timestamp, _ admission: OrderAdmission) {
        let alert = alerts.all[place]
        let slots = alerts.slots[place]
        alerts.spend(place, at: now)
        var snapshots = [snapshot(alert.request.condition.subject, slots.subject, at: now)]
        if let reference = slots.reference, case .subject(let subject) = alert.request.condition.reference {
            snapshots.append(snapshot(subject, reference, at: now))
        }
        let placements = alert.request.basket.map { basket in
            basket.map { item in
                let outcome = placeFired(
                    item.order, appID: alert.request.appID, for: alert.account, at: now, admission)
                return Alert.Placement(order: item.order, outcome: outcome)
            }
        }
        alerts.record(
            Alert.Firing(
                condition: alert.request.condition, snapshots: snapshots.compactMap(\.self), time: now,
                placements: placements),
            of: place)
    }

    private mutating func snapshot(_ subject: AlertSubject, _ slot: Int, at now: Timestamp) -> Alert.Snapshot? {
        quote(states[slot].terms.token, at: now).map { Alert.Snapshot(subject: subject, quote: $0) }
    }

    /// The last price of something whose exchange is open.
    private mutating func lastPrice(_ slot: Int, at now: Timestamp) -> Price? {
        guard hours.isOpen(states[slot].terms.exchange, at: now) else { return nil }
        refresh(slot, at: now)
        return Price(tenThousandths: states[slot].last)
    }

    /// Both sides, then the basket.
    private mutating func check(
        _ request: AlertRequest, for account: String, at now: Timestamp
    ) throws(AlertRefusal) -> AlertBook.Slots {
        guard self.account(account) != nil else { throw .unknownAccount(account) }
        let subject = try slot(of: request.condition.subject, at: now)
        var reference: Int?
        switch request.condition.reference {
        case .constant(let price): guard price > .zero else { throw .constantNotPositive }
        case .subject(let other): reference = try slot(of: other, at: now)
        }
        if let basket = request.basket {
            guard !basket.isEmpty else { throw .basketEmpty }
            guard basket.count <= AlertBook.basketLimit else { throw .basketTooLarge(limit: AlertBook.basketLimit) }
            for (place, item) in basket.enumerated() {
                do throws(VenueRefusal) {
                    try checkLater(item.order, at: now)
                } catch {
                    throw .item(place, error)
                }
            }
        }
        return AlertBook.Slots(subject: subject, reference: reference)
    }

    private mutating func slot(of subject: AlertSubject, at now: Timestamp) throws(AlertRefusal) -> Int {
        let candidates: [InstrumentID] =
            switch subject {
            case .instrument(let id): [id]
            case .index(let name): [.nse, .bse].map { InstrumentID(exchange: $0, symbol: name) }
            }
        let isIndex = if case .index = subject { true } else { false }
        for id in candidates {
            guard let row = listing.row(of: id), (listing.rows[row].kind == .index) == isIndex else { continue }
            let slot = slot(ofRow: row, at: now)
            if !states[slot].terms.isExpired { return slot }
        }
        throw .unknownSubject(subject)
    }
}
