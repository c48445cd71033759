import JSON
import PaperExchange
import Testing
import Trading

@testable import KiteSimulator

/// What triggers and alerts are tested on: one share whose price two other accounts move.
extension RunningKite {
    static let share = InstrumentID(exchange: .nse, symbol: "INFY")

    var shareToken: InstrumentToken {
        get throws { try #require(venue.listing.token(of: Self.share)) }
    }

    var lastPrice: Price {
        get async throws { try #require(await venue.quote(try shareToken)).lastPrice }
    }

    /// The share's last price moved by a share of it in basis points, on the grid.
    func price(moved basisPoints: Int64) async throws -> Price {
        let last = try await lastPrice.tenThousandths
        let tick = try #require(venue.listing.instrument(Self.share)).tickSize
        return Price(tenThousandths: last + last / 10_000 * basisPoints).roundedDown(toTick: tick)
    }

    /// Makes two others trade the share at a price.
    func trade(at price: Price) async throws {
        let accounts = (maker: "MAKER", taker: "TAKER")
        for account in [accounts.maker, accounts.taker] {
            await venue.openAccount(account, cash: Money(rupees: 1_000_000_000))
        }
        let side: Side = price > (try await lastPrice) ? .buy : .sell
        func order(_ side: Side, _ quantity: Int64) -> VenueOrderRequest {
            VenueOrderRequest(
                OrderRequest(
                    instrument: Self.share, side: side, type: .limit, quantity: Quantity(quantity),
                    product: .intraday, price: price))
        }
        let resting = try await venue.place(order(side.opposite, 1), for: accounts.maker)
        for _ in 0..<20 {
            let made = await venue.orders(of: accounts.maker).first { $0.id == resting }
            guard made?.status == .open else { break }
            let quote = try #require(await venue.quote(try shareToken))
            let shown = (side == .buy ? quote.asks : quote.bids).reduce(0) { $0 + $1.quantity.units }
            let taking = try await venue.place(order(side, max(shown, 1)), for: accounts.taker)
            if await venue.orders(of: accounts.taker).last?.status == .open {
                try await venue.cancel(taking, for: accounts.taker)
            }
        }
        try #require(try await lastPrice == price)
    }

    /// A body of fields with their values escaped.
    func body(_ fields: [(String, String)]) -> String {
        fields.map { name, value in
            let escaped = value.utf8.map { byte -> String in
                let isPlain = UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte | 32 > 96 && byte | 32 < 123
                return isPlain ? String(UnicodeScalar(byte)) : "%" + String(256 + Int(byte), radix: 16).suffix(2)
            }
            return "\(name)=\(escaped.joined())"
        }.joined(separator: "&")
    }
}

extension JSONValue {
    /// Every place of a document with the kind of what stands there; elements of a list share one place.
    var shape: Set<String> {
        switch self {
        case .object(let object):
            var shape: Set<String> = [kind]
            for member in object.members { shape.formUnion(member.value.shape.map { "\(member.name) \($0)" }) }
            return shape
        case .array(let elements):
            return elements.reduce(into: [kind]) { shape, element in shape.formUnion(element.shape.map { "[] \($0)" }) }
        default: return [kind]
        }
    }
}
