import Testing
import Trading

@testable import PaperExchange

struct AuctionTests {
    /// A floor whose account holds ten of each large share.
    private func floor() -> PaperFloor {
        let floor = PaperFloor()
        let held = (0..<PaperFloor.listing.count).map(PaperFloor.listing.instrument(at:)).filter {
            $0.id.exchange == .nse && $0.kind == .equity
        }
        floor.market.deposit(
            held.map { share in
                var holding = Holding(instrument: share.id, token: share.token)
                holding.quantity = 10
                return holding
            }, for: "A")
        return floor
    }

    private func sale(
        _ floor: PaperFloor, _ auction: VenueAuction, quantity: Int64 = 10, ticks: Int64 = 0
    ) -> VenueOrderRequest {
        PaperFloor.request(
            .sell, of: auction.instrument, quantity: quantity, price: floor.price(ticks, from: auction.instrument),
            product: .delivery
        ).under(.auction(number: auction.number))
    }

    @Test func `some of the shares that are held are in auction, under their auction series`() throws {
        let floor = floor()
        let auctions = floor.market.auctions(of: "A")
        #expect(auctions.count > 1 && auctions.count < 30)
        #expect(auctions == self.floor().market.auctions(of: "A"))
        for auction in auctions {
            let token = try #require(PaperFloor.listing.token(of: auction.instrument)).rawValue
            #expect(auction.token.rawValue == token - 1 + 10 && auction.quantity == 10)
            #expect(Int(auction.number).map { 1...9_999 ~= $0 } == true)
        }
        #expect(floor.market.auctions(of: "B").isEmpty && floor.market.auctions(of: "NOBODY").isEmpty)
    }

    @Test func `an account that holds one share finds it in auction`() {
        let floor = PaperFloor()
        var holding = Holding(instrument: PaperFloor.share, token: InstrumentToken(408_065))
        holding.quantity = 3
        floor.market.deposit([holding], for: "B")
        #expect(floor.market.auctions(of: "B").map(\.instrument) == [PaperFloor.share])
    }

    @Test func `a sale in an auction works like an order and is not sold twice`() throws {
        let floor = floor()
        let auction = try #require(floor.market.auctions(of: "A").first)
        let id = try floor.place(sale(floor, auction, ticks: 40))
        #expect(floor.order(id)?.status == .open && floor.order(id)?.variety == .auction(number: auction.number))
        #expect(throws: VenueRefusal.insufficientHoldings(asked: 10, held: 0)) {
            try floor.place(sale(floor, auction))
        }
        let lower = floor.price(-5, from: auction.instrument)
        #expect(throws: VenueRefusal.termNotAllowed("order_type", variety: .auction(number: auction.number))) {
            try floor.modify(id, OrderChange(type: .market), protection: .automatic)
        }
        try floor.modify(id, OrderChange(price: lower))
        #expect(floor.order(id)?.status == .complete)
    }

    @Test func `only limit sales of delivery in an auction of the day are taken`() throws {
        let floor = floor()
        let auction = try #require(floor.market.auctions(of: "A").first)
        let variety = Variety.auction(number: auction.number)
        let cases: [(String, (inout VenueOrderRequest) -> Void)] = [
            ("transaction_type", { $0.terms.side = .buy }), ("product", { $0.terms.product = .intraday }),
            (
                "order_type",
                {
                    $0.terms.type = .market
                    $0.terms.marketProtection = .automatic
                }
            ),
        ]
        for (term, change) in cases {
            var request = sale(floor, auction)
            change(&request)
            #expect(throws: VenueRefusal.termNotAllowed(term, variety: variety)) { try floor.place(request) }
        }
        #expect(throws: VenueRefusal.unknownAuction("0")) {
            try floor.place(sale(floor, auction).under(.auction(number: "0")))
        }
    }
}
