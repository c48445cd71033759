import Hummingbird
import JSON
import PaperExchange
import Trading

extension SimulatedKite {
    /// `POST /margins/orders`, `/margins/basket` and `/charges/orders`. Source: Kite Connect, margin calculation.
    func calculate(_ calculator: Calculator, _ call: KiteCall) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        let orders = try CalculatorOrder.orders(call.json, listing: venue.listing)
        switch calculator {
        case .charges: return try contractNote(orders, day: call.time.indian.date)
        case .orderMargins:
            let margins = try await margins(orders, for: user.userID, consideringPositions: true)
            return try orderMargins(orders, margins, call)
        case .basketMargins:
            // Positions count unless the caller says otherwise: a client that cannot say so means that they do.
            let considers = call.fields["consider_positions"] == nil || call.fields.flag("consider_positions")
            let margins = try await margins(orders, for: user.userID, consideringPositions: considers)
            return try basketMargins(orders, margins, call)
        }
    }

    private func margins(
        _ orders: [CalculatorOrder], for account: String, consideringPositions: Bool
    ) async throws(KiteRefusal) -> BasketMargin {
        var terms: [OrderRequest] = []
        for order in orders { terms.append(try order.terms) }
        do {
            return try await venue.margins(of: terms, for: account, consideringPositions: consideringPositions)
        } catch {
            switch error {
            case .unknownAccount(let account): throw KiteRefusal(VenueRefusal.unknownAccount(account))
            case .unknownInstrument(let place): throw .invalid("[\(place)].tradingsymbol")
            case .tooLarge(let place): throw .invalid("[\(place)].quantity")
            }
        }
    }

    private func orderMargins(
        _ orders: [CalculatorOrder], _ margins: BasketMargin, _ call: KiteCall
    ) throws(KiteRefusal) -> Response {
        let rows = try rows(orders, margins, call)
        return Reply.list(rows) { $0.marginRow($1) }
    }

    private func basketMargins(
        _ orders: [CalculatorOrder], _ margins: BasketMargin, _ call: KiteCall
    ) throws(KiteRefusal) -> Response {
        let rows = try rows(orders, margins, call)
        let isCompact = call.isCompact
        return Reply.success(reserving: 2_048 + rows.count * 640) { writer in
            writer.beginObject()
            writer.key("initial")
            writer.marginRow(MarginRow(sumOf: margins.initial, isCompact: isCompact))
            writer.key("final")
            writer.marginRow(MarginRow(sumOf: margins.final, isCompact: isCompact))
            writer.key("orders")
            writer.beginArray()
            for row in rows { writer.marginRow(row) }
            writer.endArray()
            if !isCompact {
                writer.key("charges")
                writer.charges(rows.reduce(Charges()) { $0.added($1.charges) })
            }
            writer.endObject()
        }
    }

    private func rows(
        _ orders: [CalculatorOrder], _ margins: BasketMargin, _ call: KiteCall
    ) throws(KiteRefusal) -> [MarginRow] {
        var rows: [MarginRow] = []
        for (order, margin) in zip(orders, margins.orders) {
            let charges = try order.charges(at: margin.price, day: call.time.indian.date)
            rows.append(
                MarginRow(
                    purse: order.purse, instrument: order.instrument.id, need: margin.need,
                    leverage: margin.leverage, charges: charges, isCompact: call.isCompact))
        }
        return rows
    }

    /// The virtual contract note.
    private func contractNote(_ orders: [CalculatorOrder], day: CalendarDate) throws(KiteRefusal) -> Response {
        var rows: [(order: CalculatorOrder, price: Price, charges: Charges)] = []
        for order in orders {
            guard let price = try order.price("average_price") else {
                throw .missing("[\(order.place)].average_price")
            }
            rows.append((order, price, try order.charges(at: price, day: day)))
        }
        return Reply.list(rows) { $0.contractNoteRow($1.order, price: $1.price, charges: $1.charges) }
    }
}

extension KiteCall {
    /// Whether only totals are asked for.
    fileprivate var isCompact: Bool { fields["mode"] == "compact" }
}

extension Charges {
    /// The parts added up; the kinds of tax in the sum may differ, so that it names none.
    fileprivate func added(_ other: Charges) -> Charges {
        var sum = self
        sum.transactionTax = transactionTax + other.transactionTax
        sum.exchangeTurnover = exchangeTurnover + other.exchangeTurnover
        sum.regulatorTurnover = regulatorTurnover + other.regulatorTurnover
        sum.brokerage = brokerage + other.brokerage
        sum.stampDuty = stampDuty + other.stampDuty
        sum.serviceTax = serviceTax + other.serviceTax
        return sum
    }
}
