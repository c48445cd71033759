import Brokers
import KiteConnect
import Testing
import Trading

@testable import KiteAdapter

struct KiteRowsTests {
    /// Kite's statuses, documented ones and ones seen, and where an order with them stands.
    static let statuses: [(KiteOrderStatus, OrderStatus)] = [
        (.complete, .filled), (.cancelled, .cancelled), (.lapsed, .cancelled), ("CANCELLED AMO", .cancelled),
        (.rejected, .rejected), (.open, .working), (.triggerPending, .triggerPending),
        (.putOrderReceived, .acknowledged), (.validationPending, .acknowledged), (.openPending, .acknowledged),
        (.modifyValidationPending, .acknowledged), (.modifyPending, .acknowledged), (.modified, .acknowledged),
        (.cancelPending, .acknowledged), (.afterMarketReceived, .acknowledged), (.update, .acknowledged),
        ("MODIFY AMO REQ RECEIVED", .acknowledged), ("NOT MODIFIED", .acknowledged), ("NOT CANCELLED", .acknowledged),
        ("TRIGGERED", .acknowledged), ("A WORD OF TOMORROW", .acknowledged),
    ]

    @Test(arguments: statuses)
    func `every status of Kite's has its state`(word: KiteOrderStatus, status: OrderStatus) {
        #expect(OrderStatus(word) == status)
        #expect(status.isTerminal == word.isFinal)
    }

    static func order(_ fields: String) throws -> KiteOrder {
        let text = """
            {"status":"success","data":{"order_id":"250117800776785","status":"OPEN","exchange":"NSE",\
            "tradingsymbol":"SBIN","transaction_type":"BUY","order_type":"LIMIT","product":"MIS","validity":"DAY",\
            "quantity":10,"filled_quantity":0,"price":800.05,"trigger_price":0,"average_price":0,\
            "instrument_token":779521\(fields.isEmpty ? "" : "," + fields)}}
            """
        return try KiteAnswer.decode(KiteOrder.self, from: Array(text.utf8))
    }

    private func row(_ fields: String) throws -> BrokerOrderRow { try #require(BrokerOrderRow(Self.order(fields))) }

    @Test func `an order that waits has its terms and no zeros`() throws {
        let row = try row(#""order_timestamp":"2025-01-17 11:49:45","tag":null,"disclosed_quantity":0"#)
        #expect(row.report.brokerOrderID == "250117800776785" && row.report.status == .working)
        #expect(row.report.exchangeOrderID == nil && row.report.averagePrice == nil && row.report.message == nil)
        #expect(row.report.exchangeTime == nil && row.tags.isEmpty)
        #expect(row.request.instrument == InstrumentID(exchange: .nse, symbol: "SBIN"))
        #expect(row.request.price == Price(paise: 80_005) && row.request.triggerPrice == nil)
        #expect(row.request.disclosedQuantity == nil && row.request.timeInForce == .day)
        #expect(row.brokerTime?.indianText == "2025-01-17 11:49:45")
    }

    @Test func `fills have their price, and an average without fills is none`() throws {
        let report = try #require(BrokerOrderRow(Self.filled(4, "799.95"))).report
        #expect(report.status == .working && report.filledQuantity == 4)
        #expect(report.averagePrice == Price(paise: 79_995))
        #expect(try #require(BrokerOrderRow(Self.filled(0, "799.95"))).report.averagePrice == nil)
    }

    /// Columns: the row's times, the time of its state.
    @Test(arguments: [
        (#""exchange_timestamp":"2025-01-17 09:15:00""#, "2025-01-17 09:15:00"),
        (
            #""exchange_timestamp":"2025-01-17 09:15:00","exchange_update_timestamp":"2025-01-17 11:50:00""#,
            "2025-01-17 11:50:00"
        ),
    ])
    func `the exchange's time is that of its last change`(fields: String, time: String) throws {
        let row = try row(fields + #","exchange_order_id":"1300000029561105""#)
        #expect(row.report.exchangeTime?.indianText == time)
        #expect(row.report.exchangeOrderID == "1300000029561105")
    }

    private static func filled(_ units: Int, _ price: String) throws -> KiteOrder {
        let text = """
            {"status":"success","data":{"order_id":"1","status":"OPEN","exchange":"NSE","tradingsymbol":"SBIN",\
            "transaction_type":"SELL","order_type":"SL","product":"CNC","validity":"TTL","validity_ttl":30,\
            "quantity":10,"filled_quantity":\(units),"price":800,"trigger_price":801.5,"average_price":\(price),\
            "disclosed_quantity":5,"status_message":"note","tag":"a","tags":["b","a"]}}
            """
        return try KiteAnswer.decode(KiteOrder.self, from: Array(text.utf8))
    }

    @Test func `every other term is read`() throws {
        let row = try #require(BrokerOrderRow(Self.filled(0, "0")))
        #expect(row.request.side == .sell && row.request.type == .stopLimit && row.request.product == .delivery)
        #expect(row.request.timeInForce == .minutes(30) && row.request.disclosedQuantity == 5)
        #expect(row.request.triggerPrice == Price(paise: 80_150) && row.report.triggerPrice == Price(paise: 80_150))
        #expect(row.report.message == "note" && row.tags == ["b", "a"])
    }

    @Test(arguments: [
        (#""tag":"x""#, ["x"]), (#""tags":["x","y"]"#, ["x", "y"]),
        (#""tag":"x","tags":["autoslice:1"]"#, ["x", "autoslice:1"]),
        (#""tag":null,"tags":["x"]"#, ["x"]), (#""tags":[]"#, []),
    ])
    func `our tag is found in the field or the list`(fields: String, tags: [String]) throws {
        #expect(try row(fields).tags == tags)
    }

    /// Some of Kite's cancelled rows count no cancelled units.
    @Test(arguments: [0, 10])
    func `what was not traded of a cancelled order was cancelled`(counted: Int) throws {
        let text = """
            {"status":"success","data":{"order_id":"1","status":"CANCELLED","exchange":"NSE","tradingsymbol":"BHEL",\
            "transaction_type":"SELL","order_type":"LIMIT","product":"CNC","validity":"DAY","quantity":60,\
            "filled_quantity":20,"cancelled_quantity":\(counted),"pending_quantity":60,"price":85,"average_price":85}}
            """
        let row = try #require(BrokerOrderRow(KiteAnswer.decode(KiteOrder.self, from: Array(text.utf8))))
        #expect(row.report.status == .cancelled && row.report.cancelledQuantity == 40)
    }

    @Test(arguments: [#"exchange":"MF"#, #"product":"BO"#, #"transaction_type":"HOLD"#, #"order_type":"TWAP"#])
    func `a row in words that we do not know is left out`(field: String) throws {
        let name = field.split(separator: "\"")[0]
        let base = ["exchange": "NSE", "product": "CNC", "transaction_type": "BUY", "order_type": "LIMIT"]
        let words = base.filter { $0.key != name }.map { "\"\($0.key)\":\"\($0.value)\"" } + ["\"\(field)\""]
        let text = """
            {"status":"success","data":{"order_id":"1","status":"OPEN","tradingsymbol":"SBIN","validity":"DAY",\
            "quantity":1,"filled_quantity":0,\(words.joined(separator: ","))}}
            """
        #expect(BrokerOrderRow(try KiteAnswer.decode(KiteOrder.self, from: Array(text.utf8))) == nil)
    }

    @Test func `an execution is read, and without a time it is not`() throws {
        func trade(_ time: String) throws -> Trade? {
            let text = """
                {"status":"success","data":{"trade_id":"10000000","order_id":"200000000000000",\
                "exchange_order_id":"300000000000000","exchange":"CDS","tradingsymbol":"USDINR21JUNFUT",\
                "product":"NRML","transaction_type":"SELL","average_price":72.7575,"quantity":3\(time)}}
                """
            return Trade(try KiteAnswer.decode(KiteTrade.self, from: Array(text.utf8)))
        }
        let read = try #require(try trade(#","fill_timestamp":"2021-05-31 09:16:39""#))
        #expect(read.id == "10000000" && read.brokerOrderID == "200000000000000" && read.side == .sell)
        #expect(read.instrument == InstrumentID(exchange: .cds, symbol: "USDINR21JUNFUT"))
        #expect(read.price.description == "72.7575" && read.quantity == 3 && read.product == .carryForward)
        #expect(read.exchangeTime.indianText == "2021-05-31 09:16:39")
        #expect(try trade("") == nil)
    }
}
