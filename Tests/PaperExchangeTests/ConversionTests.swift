import Testing
import Trading

@testable import PaperExchange

struct ConversionTests {
    private func conversion(
        _ quantity: Quantity, _ side: Side = .buy, _ period: PositionConversion.Period = .day,
        of id: InstrumentID = PaperFloor.future, from: Product = .intraday, to: Product = .carryForward
    ) -> PositionConversion {
        PositionConversion(instrument: id, side: side, period: period, quantity: quantity, from: from, to: to)
    }

    private func convert(_ floor: PaperFloor, _ conversion: PositionConversion) throws(ConversionRefusal) {
        try floor.market.convert(conversion, for: "A", at: floor.now)
    }

    @Test func `converted units keep their price and no money comes or goes`() throws {
        let floor = PaperFloor()
        for lots in [1, 2] as [Int64] {
            _ = try floor.place(
                PaperFloor.request(.buy, .market, quantity: 65 * lots, product: .intraday, protection: .automatic))
            floor.advance(20)
        }
        let before = floor.positions().net
        try convert(floor, conversion(130))
        let after = floor.positions().net
        #expect(after.map(\.quantity) == [65, 130])
        func paid(_ positions: [Position]) -> Money { positions.reduce(.zero) { $0 + $1.value } }
        #expect(paid(after) == paid(before))
        try convert(floor, conversion(65))
        #expect(floor.positions().net.map(\.quantity) == [195])
        #expect(floor.positions().net[0].value == before[0].value)
        let purse = try #require(floor.purse())
        #expect(purse.net == purse.available.cash - purse.utilised.debits)
    }

    @Test func `conversions that cannot be are refused with their reason`() throws {
        let floor = PaperFloor()
        _ = try floor.place(
            PaperFloor.request(.sell, .market, quantity: 130, product: .intraday, protection: .automatic))
        let cases: [(PositionConversion, ConversionRefusal)] = [
            (conversion(195, .sell), .notThatMany(asked: 195, open: 130)),
            (conversion(65, .buy), .notThatMany(asked: 65, open: 0)),
            (conversion(65, .sell, .overnight), .notThatMany(asked: 65, open: 0)),
            (conversion(65, .sell, from: .carryForward, to: .intraday), .notThatMany(asked: 65, open: 0)),
            (conversion(64, .sell), .offLot(lot: 65)), (conversion(0, .sell), .quantityNotPositive),
            (conversion(65, .sell, to: .intraday), .sameProduct(.intraday)),
            (conversion(65, .sell, to: .delivery), .productNotAllowed(.nfo, .delivery)),
            (
                conversion(1, of: InstrumentID(exchange: .nse, symbol: "NOBODY")),
                .unknownInstrument(InstrumentID(exchange: .nse, symbol: "NOBODY"))
            ),
        ]
        for (conversion, refusal) in cases {
            #expect(throws: refusal) { try convert(floor, conversion) }
        }
        #expect(floor.positions().net.map(\.quantity) == [-130])
        #expect(throws: ConversionRefusal.unknownAccount("Z")) {
            try floor.market.convert(conversion(65), for: "Z", at: floor.now)
        }
    }

    @Test func `delivery out of intraday needs its full price and shares that are sold need to be held`() throws {
        let floor = PaperFloor(cash: 10_000)
        func place(_ side: Side, _ product: Product = .intraday) throws {
            _ = try floor.place(
                PaperFloor.request(
                    side, .market, of: PaperFloor.share, quantity: 20, product: product, protection: .automatic))
        }
        try place(.buy)
        let toDelivery = conversion(20, of: PaperFloor.share, to: .delivery)
        #expect(throws: ConversionRefusal.self) { try convert(floor, toDelivery) }
        try convert(floor, conversion(3, of: PaperFloor.share, to: .delivery))
        #expect(try #require(floor.purse()).utilised.delivery > .zero)
        let seller = PaperFloor()
        _ = try seller.place(
            PaperFloor.request(.sell, .market, of: PaperFloor.share, quantity: 20, protection: .automatic))
        #expect(throws: ConversionRefusal.insufficientHoldings(asked: 20, held: 0)) {
            try convert(seller, conversion(20, .sell, of: PaperFloor.share, to: .delivery))
        }
    }

    @Test func `carried units move with what they cost and never against a position carried the other way`() {
        var source = Position(
            instrument: PaperFloor.future, token: InstrumentToken(1), product: .carryForward)
        source.overnightQuantity = 130
        source.overnightPrice = Price(rupees: 100)
        var target = Position(instrument: PaperFloor.future, token: InstrumentToken(1), product: .intraday)
        target.overnightQuantity = 65
        target.overnightPrice = Price(rupees: 160)
        #expect(source.convertible(.buy, .overnight) == 130)
        #expect(source.convertible(.sell, .overnight) == 0)
        let worth = source.value + target.value
        source.move(conversion(65, .buy, .overnight), to: &target)
        #expect(source.overnightQuantity == 65 && target.overnightQuantity == 130)
        #expect(target.overnightPrice == Price(rupees: 130))
        #expect(source.value + target.value == worth)
    }
}
