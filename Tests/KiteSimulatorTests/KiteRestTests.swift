import AsyncHTTPClient
import Gzip
import JSON
import NIOCore
import PaperExchange
import Testing
import Trading

@testable import KiteSimulator

@Suite struct KiteRestTests {
    @Test func `unknown addresses and methods are answered in JSON`() async throws {
        try await withKite { running in
            let cases = [
                ("GET", "/nothing", 404), ("GET", "/", 404), ("PUT", "/orders", 405), ("PATCH", "/trades", 405),
            ]
            for (method, path, status) in cases {
                let answer = try await running.call(method, path)
                #expect(answer.status == status)
                #expect(answer.contentType == "application/json")
                #expect(try answer.json.at("status")?.string == "error")
            }
        }
    }

    @Test func `a market order fills and shows in book, history, trades and positions`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let placed = try await running.call(
                "POST", "/orders/regular", session: session,
                form: try running.form(extra: "&market_protection=-1&tag=first&tag=x&unknown=1"))
            #expect(placed.status == 200)
            let id = try placed.orderID
            #expect(id.utf8.count == 19)
            let book = try await running.call("GET", "/orders", session: session)
            let row = try #require(try book.data.array?.first)
            #expect(row.at("order_id")?.string == id)
            #expect(row.at("status")?.string == "COMPLETE")
            #expect(row.at("order_type")?.string == "LIMIT")
            #expect(row.at("market_protection")?.number?.text == "0")
            #expect(row.at("tags")?.array?.compactMap(\.string).prefix(2) == ["first", "mktp"])
            #expect(row.at("filled_quantity")?.number?.int64 == row.at("quantity")?.number?.int64)
            let history = try await running.call("GET", "/orders/\(id)", session: session)
            let statuses = try history.data.array?.compactMap { $0.at("status")?.string } ?? []
            #expect(statuses.prefix(4) == ["PUT ORDER REQ RECEIVED", "VALIDATION PENDING", "OPEN PENDING", "OPEN"])
            #expect(statuses.last == "COMPLETE")
            #expect(!statuses.contains("UPDATE"))
            let trades = try await running.call("GET", "/trades", session: session)
            let ofOrder = try await running.call("GET", "/orders/\(id)/trades", session: session)
            #expect(try trades.data == (try ofOrder.data))
            #expect(try trades.data.array?.first?.at("order_timestamp")?.string?.utf8.count == 8)
            let positions = try await running.call("GET", "/portfolio/positions", session: session)
            let position = try #require(try positions.data.at("net")?.array?.first)
            #expect(position.names.count == 29)
            #expect(position.at("quantity")?.number?.int64 == (try running.future.lotSize.units))
            #expect(try positions.data.at("day")?.array?.count == 1)
            let margins = try await running.call("GET", "/user/margins/equity", session: session)
            #expect(try margins.data.at("enabled") == .bool(true))
        }
    }

    @Test func `lists are empty, not null, for a user without orders`() async throws {
        try await withKite { running in
            let session = try await running.signIn("CD5678")
            for path in ["/orders", "/trades", "/portfolio/holdings"] {
                #expect(try await running.call("GET", path, session: session).data == .array([]))
            }
            let positions = try await running.call("GET", "/portfolio/positions", session: session)
            #expect(try positions.data.at("net") == .array([]))
            #expect(try positions.data.at("day") == .array([]))
            let other = try await running.signIn()
            let id = try await running.call("POST", "/orders/regular", session: other, form: try running.form()).orderID
            let foreign = try await running.call("GET", "/orders/\(id)", session: session)
            #expect(try foreign.message == "Couldn't find that `order_id`.")
        }
    }

    @Test func `a resting order is modified and cancelled`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let price = try await running.restingPrice()
            let form = try running.form(type: "LIMIT", extra: "&price=\(price)&market_protection=0.0&autoslice=false")
            let id = try await running.call("POST", "/orders/regular", session: session, form: form).orderID
            let better = price + (try running.future.tickSize)
            let changed = try await running.call(
                "PUT", "/orders/regular/\(id)", session: session,
                form: "variety=regular&order_id=\(id)&price=\(better)&quantity=&trigger_price=0")
            #expect(try changed.orderID == id)
            let cancelled = try await running.call("DELETE", "/orders/regular/\(id)", session: session)
            #expect(try cancelled.orderID == id)
            let history = try await running.call("GET", "/orders/\(id)", session: session)
            let rows = try history.data.array ?? []
            #expect(
                rows.compactMap { $0.at("status")?.string } == [
                    "PUT ORDER REQ RECEIVED", "VALIDATION PENDING", "OPEN PENDING", "OPEN",
                    "MODIFY VALIDATION PENDING", "MODIFY PENDING", "MODIFIED", "OPEN", "CANCEL PENDING", "CANCELLED",
                ])
            #expect(rows.last?.at("price")?.number?.text == better.description)
            #expect(rows.last?.at("pending_quantity") == rows.last?.at("quantity"))
            let again = try await running.call("DELETE", "/orders/regular/\(id)", session: session)
            #expect(again.status == 400)
            #expect(try again.errorType == "OrderException")
        }
    }

    @Test func `bad placements are refused in Kite's words and leave no order`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let market = try running.form(extra: "")
            let limit = try running.form(type: "LIMIT", extra: "&price=")
            let cases: [(form: String, type: String, message: String)] = [
                (market, "InputException", VenueRefusal.protectionMissing.description),
                (market + "&market_protection=0", "InputException", VenueRefusal.protectionMissing.description),
                (market + "&market_protection=101", "InputException", "Invalid `market_protection`."),
                (
                    market + "&market_protection=-1&tag=123456789012345678901", "InputException",
                    VenueRefusal.tagTooLong.description
                ),
                (limit + "x", "InputException", "Invalid `price`."),
                (limit, "InputException", VenueRefusal.priceMissing.description),
                ("exchange=NFO", "InputException", "Missing or empty field `tradingsymbol`"),
                ("exchange=LSE", "InputException", "Invalid `exchange`."),
            ]
            for (form, type, message) in cases {
                let answer = try await running.call("POST", "/orders/regular", session: session, form: form)
                #expect(answer.status == 400)
                #expect(try answer.errorType == type)
                #expect(try answer.message == message)
            }
            let bracket = try await running.call(
                "POST", "/orders/bo", session: session, form: try running.form())
            #expect(bracket.status == 400)
            let book = try await running.call("GET", "/orders", session: session)
            #expect(try book.data == .array([]))
            let poor = try await running.call(
                "POST", "/orders/regular", session: session, form: try running.form(lots: 27))
            #expect(try poor.errorType == "MarginException")
        }
    }

    @Test func `autoslice splits a quantity over the freeze limit into orders of their own`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let price = try await running.restingPrice()
            let future = try running.future
            let freeze = try #require(future.freezeQuantity).units / future.lotSize.units
            let form = try running.form(lots: freeze + 1, type: "LIMIT", extra: "&price=\(price)&autoslice=True")
            let answer = try await running.call("POST", "/orders/regular", session: session, form: form)
            #expect(answer.status == 200)
            let children = try #require(try answer.data.at("children")?.array)
            #expect(children.count == 2)
            let parent = try answer.orderID
            #expect(children[0].at("error", "error_type")?.string == "MarginException")
            #expect(children[0].at("error", "code")?.number?.text == "400")
            let child = try #require(children[1].at("order_id")?.string)
            for row in try await running.call("GET", "/orders", session: session).data.array ?? [] {
                #expect(row.at("order_id")?.string == child)
                #expect(row.at("tags")?.array?.compactMap(\.string) == ["autoslice", "autoslice:\(parent)"])
            }
            let one = try running.form(extra: "&market_protection=2&autoslice=true")
            let single = try await running.call("POST", "/orders/regular", session: session, form: one)
            #expect(try single.data.at("children")?.array?.first?.at("order_id")?.string == (try single.orderID))
            let huge = try running.form(lots: freeze * 11, type: "LIMIT", extra: "&price=\(price)&autoslice=true")
            let refused = try await running.call("POST", "/orders/regular", session: session, form: huge)
            #expect(try refused.errorType == "InputException")
        }
    }

    @Test func `quotes come under the names they were asked by, unknown ones are left out`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let token = try running.future.token.rawValue
            let query = "i=NSE%3ANIFTY+50&i=\(token)&i=NSE:NOTHING&i=NSE%3AINFY&i=NSE%3AINFY&i=99"
            let full = try await running.call("GET", "/quote?\(query)", session: session, gzip: true)
            #expect(full.contentEncoding == "gzip")
            let data = try #require(try JSONValue(parsing: GzipCodec.decompress(full.body, limit: 1 << 20)).at("data"))
            #expect(data.names == ["NSE:NIFTY 50", "\(token)", "NSE:INFY"])
            for name in data.names {
                #expect(data.at(name, "depth", "buy")?.array?.count == 5)
                #expect(data.at(name, "depth", "sell")?.array?.count == 5)
            }
            let prices = try await running.call("GET", "/quote/ltp?\(query)", session: session)
            #expect(try prices.data.at("NSE:INFY")?.names == ["instrument_token", "last_price"])
            let ranges = try await running.call("GET", "/quote/ohlc?\(query)", session: session)
            #expect(try ranges.data.at("NSE:INFY")?.names == ["instrument_token", "last_price", "ohlc"])
            if SampleData.isPresent {
                let sample = try #require(try SampleData.json("quote.json").at("data", "NSE:INFY"))
                #expect(data.at("NSE:INFY")?.names == sample.names)
            }
        }
    }

    @Test func `the dump is bare CSV with Kite's header, gzipped when asked`() async throws {
        try await withKite { running in
            let plain = try await running.call("GET", "/instruments")
            #expect(plain.contentType == "text/csv")
            #expect(plain.contentEncoding == nil)
            let text = String(decoding: plain.body, as: UTF8.self)
            #expect(
                text.hasPrefix(
                    "instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,"
                        + "instrument_type,segment,exchange\r\n"))
            #expect(text.utf8.count(where: { $0 == 10 }) == running.venue.listing.count + 1)
            let packed = try await running.call("GET", "/instruments", gzip: true)
            #expect(packed.contentEncoding == "gzip")
            #expect(try GzipCodec.decompress(packed.body, limit: 64 << 20) == plain.body)
            let derivatives = try await running.call("GET", "/instruments/NFO")
            #expect(derivatives.body.count < plain.body.count)
            #expect(try await running.call("GET", "/instruments/XYZ").status == 404)
        }
    }

    @Test func `limits are answered 429 with a network error`() async throws {
        try await withKite(limits: .kite) { running in
            let session = try await running.signIn()
            #expect(try await running.call("GET", "/quote/ltp?i=NSE:INFY", session: session).status == 200)
            let second = try await running.call("GET", "/quote/ltp?i=NSE:INFY", session: session)
            #expect(second.status == 429)
            #expect(try second.errorType == "NetworkException")
            #expect(try second.message == "Too many requests")
            for _ in 0..<10 {
                _ = try await running.call("POST", "/orders/regular", session: session, form: try running.form())
            }
            let eleventh = try await running.call(
                "POST", "/orders/regular", session: session, form: try running.form())
            #expect(eleventh.status == 429)
            running.clock.advance(by: .seconds(1))
            #expect(try await running.call("GET", "/quote/ltp?i=NSE:INFY", session: session).status == 200)
        }
    }

    @Test func `a body over a megabyte is refused`() async throws {
        try await withKite { running in
            let session = try await running.signIn()
            let form = "tag=" + String(repeating: "x", count: 1 << 20)
            let answer = try await running.call("POST", "/orders/regular", session: session, form: form)
            #expect(answer.status == 413)
        }
    }
}
