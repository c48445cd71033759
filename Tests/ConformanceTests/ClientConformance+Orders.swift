import KiteConnect

extension ClientConformance {
    func orders() async {
        await table.check("placeOrder") {
            let placed = try await reaches(try await place(order(future)), .complete)
            try require(placed.tag == "conformance" && placed.filledQuantity == placed.quantity, "\(placed)")
            var bare = order(future)
            bare.marketProtection = 0
            _ = try await refusal(.input, "market protection") { () throws(KiteError) in try await kite.placeOrder(bare)
            }
            return "\(placed.orderID) at \(placed.averagePrice)"
        }
        await table.check("placeOrder after market") {
            let (orderID, _) = try await resting(.afterMarket)
            let placed = try await reaches(orderID, .afterMarketReceived, .open)
            try await kite.cancelOrder(orderID, variety: .afterMarket)
            return placed.status.rawValue
        }
        await table.check("placeOrder iceberg") {
            var request = order(
                future, .buy, .limit, price: price(try await lastPrice(future) * 0.97, of: future), lots: 4)
            request.variety = .iceberg
            request.icebergLegs = 4
            request.icebergQuantity = future.lotSize
            let orderID = try await place(request)
            let leg = try await reaches(orderID, .open).iceberg
            try require(leg?.leg == 1 && leg?.legs == 4, "\(String(describing: leg))")
            try await kite.cancelOrder(orderID, variety: .iceberg)
        }
        await coverOrder()
        await table.check("placeOrder for minutes") {
            var request = order(future, .buy, .limit, price: price(try await lastPrice(future) * 0.97, of: future))
            request.validity = .minutes
            request.validityTTLMinutes = 2
            let placed = try await reaches(try await place(request), .open)
            try require(placed.validityTTLMinutes == 2, "\(placed.validityTTLMinutes) minutes")
            try await kite.cancelOrder(placed.orderID)
        }
        await table.check("placeAutoslicedOrder") {
            let receipt = try await kite.placeAutoslicedOrder(order(option, lots: 40))
            try require(receipt.slices.count >= 2, "\(receipt.slices.count) slices")
            return "\(receipt.placedOrderIDs.count) of \(receipt.slices.count) slices placed"
        }
        await changes()
        await reading()
    }

    private func coverOrder() async {
        await table.check("exitOrder") {
            var request = order(share, product: .mis)
            request.variety = .cover
            request.triggerPrice = price(try await lastPrice(share) * 0.98, of: share)
            let parent = try await place(request)
            _ = try await reaches(parent, .complete)
            let second = try await eventually("no second leg") {
                try await kite.orders().first { $0.parentOrderID == parent }
            }
            try await kite.exitOrder(second.orderID, parentOrderID: parent)
            let left = try await eventually("the second leg stays") {
                try await kite.orders().first {
                    $0.orderID == second.orderID && [.complete, .cancelled].contains($0.status)
                }
            }
            return "second leg \(left.status.rawValue)"
        }
    }

    private func changes() async {
        await table.check("modifyOrder") {
            let (orderID, price) = try await resting()
            var lower = self.price(price - future.tickSize, of: future)
            var change = KiteOrderChange()
            change.price = lower
            try await kite.modifyOrder(orderID, change: change)
            let changed = try await reaches(orderID, .open)
            try require(changed.price == lower, "the price stayed")
            for _ in 2...25 {
                lower = self.price(lower - future.tickSize, of: future)
                change.price = lower
                try await kite.modifyOrder(orderID, change: change)
            }
            _ = try await refusal(.orderLimit, "as often as Kite allows") { () throws(KiteError) in
                try await kite.modifyOrder(orderID, change: change)
            }
            try await kite.cancelOrder(orderID)
        }
        await table.check("cancelOrder") {
            let (orderID, _) = try await resting()
            try await kite.cancelOrder(orderID)
            _ = try await reaches(orderID, .cancelled)
            _ = try await refusal(.input, "order_id") { () throws(KiteError) in try await kite.cancelOrder("1") }
        }
    }

    private func reading() async {
        await table.check("orders") {
            let rows = try await kite.orders()
            try require(rows.allSatisfy { $0.orderID.count == 19 }, "an id is not of 19 digits")
            return "\(rows.count) rows"
        }
        await table.check("orderHistory") {
            let done = try await done()
            let statuses = try await kite.orderHistory(done.orderID).map(\.status)
            try require(statuses.first == .putOrderReceived && statuses.last == .complete, "\(statuses)")
            return statuses.map(\.rawValue).joined(separator: " > ")
        }
        await table.check("trades") {
            let rows = try await kite.trades()
            try require(!rows.isEmpty, "none")
            return "\(rows.count) rows"
        }
        await table.check("orderTrades") {
            let done = try await done()
            let rows = try await kite.orderTrades(done.orderID)
            try require(rows.map(\.quantity).reduce(0, +) == done.filledQuantity, "the trades do not add up")
        }
    }

    private func done() async throws -> KiteOrder {
        guard let order = try await kite.orders().first(where: { $0.status == .complete }) else {
            throw CheckFailed("no order is complete")
        }
        return order
    }
}
