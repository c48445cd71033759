import KiteConnect

extension ClientConformance {
    func calculators() async {
        let wanted = [
            KiteMarginOrder(order(option, .sell)), KiteMarginOrder(order(future)), KiteMarginOrder(order(share)),
        ]
        await table.check("orderMargins") {
            let rows = try await kite.orderMargins(wanted)
            try require(rows.map(\.tradingsymbol) == wanted.map(\.tradingsymbol), "not in the order asked")
            let short = try await kite.orderMargins(wanted, compact: true)
            try require(short.map(\.total) == rows.map(\.total), "compact totals differ")
            return rows.map { "\($0.total)" }.joined(separator: ", ")
        }
        await table.check("basketMargins") {
            let basket = try await kite.basketMargins(wanted)
            try require(basket.final.total <= basket.initial.total, "the basket costs more than its parts")
            _ = try await kite.basketMargins(wanted, considerPositions: false)
        }
        await table.check("contractNotes") {
            let rows = try await kite.contractNotes([
                KiteChargedOrder(
                    orderID: "any", exchange: .nse, tradingsymbol: share.tradingsymbol, transactionType: .buy,
                    product: .cnc, orderType: .limit, quantity: 10, averagePrice: 1500)
            ])
            guard let charges = rows.first?.charges else { throw CheckFailed("no row") }
            let parts =
                charges.transactionTax + charges.exchangeTurnoverCharge + charges.sebiTurnoverCharge
                + charges.brokerage + charges.stampDuty + (charges.gst?.total ?? 0)
            try require(abs(parts - charges.total) < 0.01, "the total is not the sum")
            return "\(charges.total)"
        }
    }

    func funds() async {
        var scheme: FundInstrumentRow?
        var orderID = ""
        var planID = ""
        await table.check("fundInstruments") {
            scheme = try await kite.fundInstruments().first { $0.isPurchaseAllowed }
            try require(scheme != nil, "no scheme can be bought")
        }
        await table.check("placeFundOrder") {
            guard let scheme else { throw CheckFailed("no scheme") }
            orderID = try await kite.placeFundOrder(
                KiteFundOrderRequest(
                    tradingsymbol: scheme.tradingsymbol, size: .purchase(amount: scheme.minimumPurchaseAmount)))
        }
        await table.check("fundOrders and fundOrder") {
            let listed = try await kite.fundOrders().contains { $0.orderID == orderID }
            try require(listed, "the order is not in the list")
            return try await kite.fundOrder(orderID).status.rawValue
        }
        await table.check("cancelFundOrder") {
            _ = try await kite.cancelFundOrder(orderID)
            let status = try await kite.fundOrder(orderID).status
            try require(status == .cancelled, status.rawValue)
        }
        await table.check("placeFundPlan") {
            guard let scheme else { throw CheckFailed("no scheme") }
            var plan = KiteFundPlanRequest(
                tradingsymbol: scheme.tradingsymbol, amount: scheme.minimumPurchaseAmount, instalments: 12,
                frequency: "monthly")
            plan.instalmentDay = 5
            planID = try await kite.placeFundPlan(plan)
        }
        await table.check("fundPlans and fundPlan") {
            let listed = try await kite.fundPlans().contains { $0.sipID == planID }
            try require(listed, "the plan is not in the list")
            return try await kite.fundPlan(planID).status
        }
        await table.check("modifyFundPlan") {
            _ = try await kite.modifyFundPlan(planID, change: KiteFundPlanChange(instalments: 24))
            let instalments = try await kite.fundPlan(planID).instalments
            try require(instalments == 24, "\(instalments) instalments")
        }
        await table.check("cancelFundPlan") {
            _ = try await kite.cancelFundPlan(planID)
            let status = try await kite.fundPlan(planID).status
            try require(status == "CANCELLED", status)
        }
        await table.check("fundHoldings") { "\(try await kite.fundHoldings().count) rows" }
        await table.check("fundAllotments") { "\(try await kite.fundAllotments().count) rows" }
    }

    func ending() async {
        await table.check("invalidateRefreshToken") {
            do throws(KiteError) {
                try await kite.invalidateRefreshToken("none")
            } catch {
                try require([.token, .input].contains(error.code), "\(error)")
            }
        }
        await table.check("invalidateSession") {
            try await kite.invalidateSession()
            _ = try await refusal(.token) { () throws(KiteError) in try await kite.profile() }
        }
    }
}
