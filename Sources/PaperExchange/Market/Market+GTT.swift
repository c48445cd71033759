import Trading

extension Market {
    /// Makes a trigger. The checks come in the order in which they stand here.
    mutating func placeGTT(_ request: GTTRequest, for account: String, at now: Timestamp) throws(GTTRefusal) -> Int64 {
        let slot = try check(request, for: account, at: now)
        guard gtts.activeCount(of: account) < GTTRules.activeLimit else {
            throw .tooManyActive(limit: GTTRules.activeLimit)
        }
        let rising = GTTRules.rising(request, last: states[slot].last)
        return gtts.add(request, for: account, slot: slot, rising: rising, at: now)
    }

    /// Replaces what an active trigger is to do; it keeps its number and its year.
    mutating func modifyGTT(
        _ id: Int64, to request: GTTRequest, for account: String, at now: Timestamp
    ) throws(GTTRefusal) {
        let place = try activeGTT(id, of: account, at: now)
        let slot = try check(request, for: account, at: now)
        let rising = GTTRules.rising(request, last: states[slot].last)
        gtts.replace(place, with: request, slot: slot, rising: rising, at: now)
    }

    mutating func deleteGTT(_ id: Int64, for account: String, at now: Timestamp) throws(GTTRefusal) {
        gtts.end(try activeGTT(id, of: account, at: now), as: .deleted, at: now)
    }

    mutating func listedGTTs(of account: String, at now: Timestamp) -> [GTT] {
        gtts.expire(at: now)
        return gtts.listed(for: account, at: now)
    }

    mutating func gtt(_ id: Int64, of account: String, at now: Timestamp) -> GTT? {
        gtts.expire(at: now)
        return gtts.place(of: id, account: account).map { gtts.all[$0] }
    }

    /// Fires in some instruments; nil stands for all.
    mutating func fireGTTs(in moved: Set<Int>?, at now: Timestamp, _ admission: OrderAdmission) {
        var due: [(watch: GTTBook.Watch, last: Int64)] = []
        for slot in gtts.watchedSlots(among: moved) where hours.isOpen(states[slot].terms.exchange, at: now) {
            refresh(slot, at: now)
            let last = states[slot].last
            due += gtts.due(slot, last: last).map { ($0, last) }
        }
        for (watch, last) in due.sorted(by: { $0.watch.place < $1.watch.place }) {
            // Ended before its order goes out: whatever becomes of the order, a trigger fires once.
            gtts.end(watch.place, as: .triggered, at: now)
            let account = gtts.all[watch.place].account
            var order = gtts.all[watch.place].request.legs.all[watch.leg].order
            order.timeInForce = .day
            let appID = gtts.all[watch.place].request.appID
            let outcome = placeFired(VenueOrderRequest(order), appID: appID, for: account, at: now, admission)
            gtts.record(
                GTT.Firing(leg: watch.leg, price: Price(tenThousandths: last), time: now, outcome: outcome),
                of: watch.place)
        }
    }

    private mutating func activeGTT(_ id: Int64, of account: String, at now: Timestamp) throws(GTTRefusal) -> Int {
        gtts.expire(at: now)
        guard let place = gtts.place(of: id, account: account) else { throw .unknownTrigger }
        guard gtts.all[place].status == .active else { throw .notActive(gtts.all[place].status) }
        return place
    }

    /// The instrument, the orders, then the values against the last price.
    private mutating func check(
        _ request: GTTRequest, for account: String, at now: Timestamp
    ) throws(GTTRefusal) -> Int {
        gtts.expire(at: now)
        guard self.account(account) != nil else { throw .unknownAccount(account) }
        guard let row = listing.row(of: request.instrument) else {
            throw .instrument(.unknownInstrument(request.instrument))
        }
        let slot = slot(ofRow: row, at: now)
        do throws(VenueRefusal) {
            try OrderRules.checkInstrument(states[slot].terms, request.instrument)
        } catch {
            throw .instrument(error)
        }
        try GTTRules.checkOrders(request)
        for (place, leg) in request.legs.all.enumerated() {
            do throws(VenueRefusal) {
                try checkLater(VenueOrderRequest(leg.order), at: now)
            } catch {
                throw .order(leg: place, error)
            }
        }
        try GTTRules.checkValues(request, last: states[slot].last)
        return slot
    }
}
