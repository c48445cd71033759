import Testing
import Trading

@testable import PaperExchange

extension PaperFloor {
    static let index = InstrumentID(exchange: .nse, symbol: "NIFTY 50")

    /// Sends out what has come due, letting every order through unless told otherwise.
    func fire(admitting admission: OrderAdmission = { _, _ in nil }) {
        market.fireTriggers(at: now, admitting: admission)
    }

    /// Makes two others trade at a price, however far it lies from the last one.
    func trade(_ id: InstrumentID, at price: Price) throws {
        for account in ["B", "C"] { market.openAccount(account, cash: nil) }
        let instrument = try #require(Self.listing.instrument(id))
        let lot = instrument.lotSize.units
        let most = (instrument.freezeQuantity?.units ?? 1_000_000) / lot * lot
        let side: Side = price > (try #require(self.quote(id))).lastPrice ? .buy : .sell
        let resting = try place(Self.request(side.opposite, of: id, quantity: lot, price: price), for: "C")
        // Everything between goes first; the book shows five levels of it at a time.
        for _ in 0..<20 where order(resting, of: "C")?.status == .open {
            let quote = try #require(self.quote(id))
            let shown = (side == .buy ? quote.asks : quote.bids).reduce(0) { $0 + $1.quantity.units }
            let taking = try place(
                Self.request(side, of: id, quantity: min(max(shown, lot), most), price: price), for: "B")
            if order(taking, of: "B")?.status == .open { try cancel(taking, for: "B") }
        }
        try #require(self.quote(id)?.lastPrice == price)
    }

    /// The last price moved by a share of it in basis points, on the grid.
    func last(_ id: InstrumentID, moved basisPoints: Int64) throws -> Price {
        let last = try #require(self.quote(id)).lastPrice.tenThousandths
        let tick = try #require(Self.listing.instrument(id)).tickSize
        return Price(tenThousandths: last + last / 10_000 * basisPoints).roundedDown(toTick: tick)
    }

    /// A leg that trades ten shares, or one lot of something else, at its own trigger value unless told otherwise.
    func leg(
        _ side: Side, at value: Price, of id: InstrumentID = PaperFloor.share, type: OrderType = .limit,
        product: Product? = nil, price: Price? = nil, protection: MarketProtection? = nil
    ) -> GTTRequest.Leg {
        var order = PaperFloor.request(
            side, type, of: id, quantity: id.exchange.isCash ? 10 : nil,
            price: type == .limit ? price ?? value : nil,
            product: product ?? (id.exchange.isCash ? .delivery : .carryForward), protection: protection
        ).terms
        order.timeInForce = .immediateOrCancel
        return GTTRequest.Leg(triggerValue: value, order: order)
    }

    func single(_ leg: GTTRequest.Leg, of id: InstrumentID = PaperFloor.share) throws -> GTTRequest {
        GTTRequest(instrument: id, lastPrice: try #require(self.quote(id)).lastPrice, legs: .single(leg))
    }

    func placeGTT(_ request: GTTRequest, for account: String = "A") throws(GTTRefusal) -> Int64 {
        try market.placeGTT(request, for: account, at: now)
    }

    func gtt(_ id: Int64, of account: String = "A") -> GTT? { market.gtt(id, of: account, at: now) }

    func createAlert(
        _ condition: AlertCondition, basket: [AlertRequest.Item]? = nil, uuid: String = "u1", for account: String = "A"
    ) throws(AlertRefusal) -> Alert {
        try market.createAlert(
            AlertRequest(name: "mine", condition: condition, basket: basket), uuid: uuid, for: account, at: now)
    }
}
