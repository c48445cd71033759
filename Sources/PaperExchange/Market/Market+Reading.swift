import Trading

extension Market {
    /// The place of an order; nil where the account has none of that number. Numbers grow, so it is found by halves.
    func order(_ id: String, of account: String) -> Int? {
        guard let number = Int64(id) else { return nil }
        var low = 0
        var high = orders.count
        while low < high {
            let middle = (low + high) / 2
            if orders[middle].number < number { low = middle + 1 } else { high = middle }
        }
        guard low < orders.count, orders[low].number == number, accounts[orders[low].account].id == account else {
            return nil
        }
        return low
    }

    func orders(of id: String) -> [VenueOrder] {
        account(id).map { accounts[$0].orders.map(snapshot) } ?? []
    }

    func history(of orderID: String, account: String) -> [VenueOrder]? {
        guard let order = order(orderID, of: account) else { return nil }
        return orders[order].fullHistory.map { snapshot(order, $0) }
    }

    func trades(of id: String) -> [VenueTrade] {
        account(id).map { accounts[$0].trades.map(trade) } ?? []
    }

    func trades(ofOrder orderID: String, account id: String) -> [VenueTrade]? {
        guard let order = order(orderID, of: id), let account = account(id) else { return nil }
        return accounts[account].trades.filter { executions[$0].order == order }.map(trade)
    }

    func snapshot(_ order: Int) -> VenueOrder { snapshot(order, orders[order].state) }

    private func snapshot(_ number: Int, _ state: LiveOrder.State) -> VenueOrder {
        let order = orders[number]
        let request = order.request
        let isAtExchange = state.exchangeTime != nil
        let average = Money(tenThousandths: state.filledValue).perUnit(Quantity(state.filled))
        return VenueOrder(
            id: String(order.number),
            exchangeOrderID: isAtExchange ? order.exchangeNumber.map { String($0) } : nil,
            parentID: request.parentID, account: accounts[order.account].id,
            placedBy: request.placedBy ?? accounts[order.account].id, variety: request.variety,
            icebergLeg: order.icebergLeg, tag: request.tag, tags: request.tags, instrument: request.terms.instrument,
            token: states[order.slot].terms.token,
            side: order.side, product: request.bookedProduct, requestedType: request.terms.type, type: state.type,
            timeInForce: state.timeInForce, quantity: Quantity(state.quantity),
            filledQuantity: Quantity(state.filled), cancelledQuantity: Quantity(state.cancelled),
            disclosedQuantity: Quantity(state.disclosed),
            price: state.price.map(Price.init(tenThousandths:)),
            triggerPrice: state.trigger.map(Price.init(tenThousandths:)), averagePrice: average,
            protectionBasisPoints: state.protection, status: state.status, statusMessage: state.message,
            isModified: state.isModified, time: state.time, placedTime: order.placedTime,
            registeredTime: isAtExchange ? order.registeredTime : nil, exchangeTime: state.exchangeTime)
    }

    private func trade(_ number: Int) -> VenueTrade {
        let execution = executions[number]
        let order = orders[execution.order]
        let trade = Trade(
            id: String(10_000_000 + execution.number), brokerOrderID: String(order.number),
            exchangeOrderID: order.exchangeNumber.map { String($0) }, instrument: order.request.terms.instrument,
            side: order.side, product: order.request.bookedProduct, quantity: Quantity(execution.quantity),
            price: Price(tenThousandths: execution.price), exchangeTime: execution.time)
        return VenueTrade(trade: trade, token: states[order.slot].terms.token, orderTime: order.placedTime)
    }
}
