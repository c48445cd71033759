import KiteConnect

extension ClientConformance {
    func portfolio() async {
        await table.check("positions") {
            let positions = try await kite.positions()
            guard let row = positions.net.first(where: { $0.tradingsymbol == future.tradingsymbol }) else {
                throw CheckFailed("the future is missing")
            }
            let worth = Double(row.quantity) * row.lastPrice * row.multiplier
            try require(abs(row.pnl - row.value - worth) < 0.01, "pnl is not value + worth")
        }
        await table.check("convertPosition") {
            _ = try await reaches(try await place(order(future, product: .mis)), .complete)
            let conversion = KitePositionConversion(
                exchange: .nfo, tradingsymbol: future.tradingsymbol, transactionType: .buy, positionType: .day,
                quantity: future.lotSize, from: .mis, to: .nrml)
            try await kite.convertPosition(conversion)
        }
        await table.check("holdings") { "\(try await kite.holdings().count) rows" }
        await table.check("compactHoldings") { "\(try await kite.compactHoldings().count) rows" }
        await table.check("holdingsSummary") { _ = try await kite.holdingsSummary() }
        await table.check("auctions") { "\(try await kite.auctions().count) rows" }
        await table.check("authoriseHoldings") { _ = try await kite.authoriseHoldings() }
    }

    private func trigger(_ last: Double, low: Double) -> KiteTriggerRequest {
        let value = price(last * low, of: share)
        return KiteTriggerRequest(
            exchange: .nse, tradingsymbol: share.tradingsymbol, lastPrice: last,
            legs: .single(
                KiteTriggerLeg(triggerPrice: value, transactionType: .buy, quantity: 1, product: .cnc, price: value)))
    }

    func triggers() async {
        var single = 0
        var pair = 0
        await table.check("placeTrigger") {
            let last = try await lastPrice(share)
            single = try await kite.placeTrigger(trigger(last, low: 0.9))
            let lower = price(last * 0.9, of: share)
            let upper = price(last * 1.1, of: share)
            let legs = KiteTriggerRequest.Legs.twoLeg(
                lower: KiteTriggerLeg(
                    triggerPrice: lower, transactionType: .sell, quantity: 1, product: .cnc, price: lower),
                upper: KiteTriggerLeg(
                    triggerPrice: upper, transactionType: .sell, quantity: 1, product: .cnc, price: upper))
            pair = try await kite.placeTrigger(
                KiteTriggerRequest(exchange: .nse, tradingsymbol: share.tradingsymbol, lastPrice: last, legs: legs))
            _ = try await refusal(.input, "too close") { () throws(KiteError) in
                try await kite.placeTrigger(trigger(last, low: 0.9995))
            }
        }
        await table.check("triggers") {
            let active = try await kite.triggers().filter { $0.status == "active" }.map(\.id)
            try require(Set([single, pair]).isSubset(of: active), "\(active)")
        }
        await table.check("trigger") {
            let row = try await kite.trigger(pair)
            try require(row.type == "two-leg" && row.orders.count == 2, "\(row)")
        }
        await table.check("modifyTrigger") {
            let request = trigger(try await lastPrice(share), low: 0.88)
            try await kite.modifyTrigger(single, to: request)
            let values = try await kite.trigger(single).condition.triggerValues
            guard case .single(let leg) = request.legs else { return }
            try require(values == [leg.triggerPrice], "\(values)")
        }
        await table.check("deleteTrigger") {
            for id in [single, pair] { try await kite.deleteTrigger(id) }
            let status = try await kite.trigger(single).status
            try require(status == "deleted", status)
        }
    }

    func alerts() async {
        var uuid = ""
        let request = KiteAlertRequest(
            name: "conformance", left: KiteAlertOperand(exchange: .indices, tradingsymbol: "NIFTY 50"),
            comparison: .atLeast, right: .constant(1))
        await table.check("createAlert") {
            uuid = try await kite.createAlert(request).uuid
            return uuid
        }
        await table.check("alerts") {
            let rows = try await kite.alerts(status: .enabled, page: 1, pageSize: 10)
            try require(rows.contains { $0.uuid == uuid }, "the alert is not in the list")
        }
        await table.check("alert and alertHistory") {
            let firing = try await eventually("it did not fire") { try await kite.alertHistory(uuid).first }
            let count = try await kite.alert(uuid).alertCount
            try require(count >= 1, "the count is \(count)")
            return firing.condition
        }
        await table.check("modifyAlert") {
            var changed = request
            changed.name = "another name"
            let name = try await kite.modifyAlert(uuid, to: changed).name
            try require(name == "another name", name)
        }
        await table.check("deleteAlerts") {
            try await kite.deleteAlerts([uuid])
            let status = try await kite.alert(uuid).status
            try require(status == "deleted", status)
        }
    }
}
