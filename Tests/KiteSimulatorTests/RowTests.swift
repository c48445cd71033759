import JSON
import PaperExchange
import Testing
import Trading

@testable import KiteSimulator

@Suite struct RowTests {
    @Test func `a position row is written exactly`() {
        var position = Position(
            instrument: InstrumentID(exchange: .mcx, symbol: "GOLDGUINEA17DECFUT"), token: InstrumentToken(53_505_799),
            product: .carryForward)
        position.overnightQuantity = 3
        position.overnightPrice = Price(rupees: 23_057)
        position.dayBuyQuantity = 1
        position.dayBuyValue = Money(rupees: 23_388)
        position.daySellQuantity = 4
        position.daySellValue = Money(rupees: 93_360)
        position.closePrice = Price(rupees: 23_232)
        position.lastPrice = Price(rupees: 23_355)
        var writer = JSONWriter()
        writer.positionRow(position)
        #expect(
            writer.text
                == #"{"tradingsymbol":"GOLDGUINEA17DECFUT","exchange":"MCX","instrument_token":53505799,"#
                + #""product":"NRML","quantity":0,"overnight_quantity":3,"multiplier":1,"average_price":0,"#
                + #""close_price":23232,"last_price":23355,"value":801,"pnl":801,"m2m":276,"unrealised":801,"#
                + #""realised":0,"buy_quantity":4,"buy_price":23139.75,"buy_value":92559,"buy_m2m":93084,"#
                + #""sell_quantity":4,"sell_price":23340,"sell_value":93360,"sell_m2m":93360,"#
                + #""day_buy_quantity":1,"day_buy_price":23388,"day_buy_value":23388,"day_sell_quantity":4,"#
                + #""day_sell_price":23340,"day_sell_value":93360}"#)
    }

    @Test(.enabled(if: SampleData.isPresent, SampleData.absence))
    func `every sample position is reproduced number for number`() throws {
        let sample = try #require(try SampleData.json("positions.json").at("data"))
        let rows = (sample.at("net")?.array ?? []) + (sample.at("day")?.array ?? [])
        for row in rows where row.at("product")?.string != "CO" {
            func units(_ name: String) -> Int64 { row.at(name)?.number?.int64 ?? 0 }
            func text(_ name: String) -> String { row.at(name)?.number?.text ?? "" }
            var position = Position(
                instrument: InstrumentID(
                    exchange: try #require(Exchange(rawValue: row.at("exchange")?.string ?? "")),
                    symbol: row.at("tradingsymbol")?.string ?? ""),
                token: InstrumentToken(UInt32(units("instrument_token"))), product: .carryForward,
                multiplier: units("multiplier"))
            position.overnightQuantity = Quantity(units("overnight_quantity"))
            let carried = units("buy_value") - units("day_buy_value")
            if units("overnight_quantity") > 0 {
                position.overnightPrice = Price(rupees: carried / units("overnight_quantity"))
            }
            position.dayBuyQuantity = Quantity(units("day_buy_quantity"))
            position.dayBuyValue = try #require(Money(text("day_buy_value")))
            position.daySellQuantity = Quantity(units("day_sell_quantity"))
            position.daySellValue = try #require(Money(text("day_sell_value")))
            position.closePrice = Price(text("close_price"))
            position.lastPrice = Price(text("last_price"))
            let ours = try JSONValue.written { $0.positionRow(position) }
            for member in row.object?.members ?? [] { #expect(ours.at(member.name) == member.value, "\(member.name)") }
        }
    }

    @Test(.enabled(if: SampleData.isPresent, SampleData.absence))
    func `margin answers have every key of the samples`() throws {
        let margin = try JSONValue.written { $0.marginBlock(Margin()) }
        let sample = try #require(try SampleData.json("margins_equity.json").at("data"))
        #expect(margin.names == sample.names)
        #expect(margin.at("available")?.names == sample.at("available")?.names)
        #expect(margin.at("utilised")?.names == sample.at("utilised")?.names)
    }

    @Test func `a market order that became a limit order says so in its tags`() async throws {
        let (placed, _) = try await placed()
        #expect(placed.type == .limit)
        var order = placed
        order.tag = "mine"
        order.tags = ["autoslice"]
        order.protectionBasisPoints = 205
        #expect(order.allTags == ["mine", "autoslice", "mktp", "mktp:2.05"])
        order.protectionBasisPoints = nil
        #expect(order.allTags == ["mine", "autoslice"])
    }

    @Test(.enabled(if: SampleData.isPresent, SampleData.absence))
    func `order, trade and message rows have every key of the samples`() async throws {
        let (order, trade) = try await placed()
        let row = try JSONValue.written { $0.orderRow(order) }
        for sample in try SampleData.json("orders.json").at("data")?.array ?? [] {
            #expect(row.names.isSuperset(of: sample.names.subtracting(["auction_number"])))
        }
        for sample in try SampleData.json("order_info.json").at("data")?.array ?? [] {
            #expect(row.names.isSuperset(of: sample.names))
        }
        let tradeRow = try JSONValue.written { $0.tradeRow(trade) }
        for sample in try SampleData.json("trades.json").at("data")?.array ?? [] {
            #expect(tradeRow.names == sample.names)
        }
    }

    @Test func `an order row is written exactly`() async throws {
        var (order, _) = try await placed()
        let time = Timestamp(indianDate: CalendarDate(daysSinceEpoch: 20_780), secondOfDay: 36_000)
        order.id = "1953367517686685697"
        order.exchangeOrderID = nil
        order.account = "AB1234"
        order.placedBy = "AB1234"
        order.tag = "t"
        order.requestedType = .limit
        order.protectionBasisPoints = nil
        order.price = Price("24500.05")
        order.averagePrice = nil
        order.filledQuantity = 0
        order.cancelledQuantity = 65
        order.quantity = 65
        order.status = .cancelled
        order.statusMessage = nil
        order.time = time
        order.exchangeTime = nil
        order.registeredTime = nil
        order.instrument = InstrumentID(exchange: .nfo, symbol: "NIFTY26NOVFUT")
        order.token = InstrumentToken(9_217_282)
        var writer = JSONWriter()
        writer.orderRow(order)
        #expect(
            writer.text
                == #"{"account_id":"AB1234","terminal_id":"111111111111100","placed_by":"AB1234","order_id":"1953367517686685697","#
                + #""exchange_order_id":null,"parent_order_id":null,"status":"CANCELLED","status_message":null,"#
                + #""status_message_raw":null,"order_timestamp":"\#(time.indianText)","#
                + #""exchange_update_timestamp":null,"exchange_timestamp":null,"variety":"regular","exchange":"NFO","#
                + #""tradingsymbol":"NIFTY26NOVFUT","instrument_token":9217282,"order_type":"LIMIT","#
                + #""transaction_type":"BUY","validity":"DAY","validity_ttl":0,"product":"NRML","quantity":65,"#
                + #""disclosed_quantity":0,"price":24500.05,"trigger_price":0,"average_price":0,"#
                + #""filled_quantity":0,"pending_quantity":65,"cancelled_quantity":65,"market_protection":0,"#
                + #""meta":{},"tag":"t","guid":null,"modified":false,"tags":["t"]}"#)
    }

    /// An order that the venue filled at once, with its first execution.
    private func placed() async throws -> (VenueOrder, VenueTrade) {
        let clock: WallClock = { Timestamp(indianDate: RunningKite.tradingDate, secondOfDay: 36_000) }
        let listing = Listing.builtIn(tradingDate: RunningKite.tradingDate)
        let venue = Venue(
            configuration: VenueConfiguration(seed: 1, tradingDate: RunningKite.tradingDate), listing: listing,
            clock: clock)
        await venue.openAccount("U")
        let future = try #require(
            (0..<listing.count).map(listing.instrument(at:)).first {
                $0.segment == .futures && $0.underlying == "NIFTY"
            })
        var terms = OrderRequest(
            instrument: future.id, side: .buy, type: .market, quantity: future.lotSize, product: .carryForward)
        terms.marketProtection = .automatic
        let id = try await venue.place(VenueOrderRequest(terms, tag: "t"), for: "U")
        return (
            try #require(await venue.orders(of: "U").first { $0.id == id }),
            try #require(await venue.trades(of: "U").first)
        )
    }
}
