import Accounts
import Brokers
import Gateway
import Hummingbird
import JSON
import NIOCore
import Trading

/// `GET /accounts/{account_id}/positions`, `/holdings` and `/funds`.
struct PortfolioRoutes: Sendable {
    let gate: AccountGate
    private let written = WrittenPositions()

    init(gate: AccountGate) {
        self.gate = gate
    }

    var routes: [Route] {
        [
            .account(.get, "/accounts/{account_id}/positions", .view, gate) { request, _, call in
                try await positions(request, call)
            },
            .account(.get, "/accounts/{account_id}/holdings", .view, gate) { request, _, call in
                try await holdings(request, call)
            },
            .account(.get, "/accounts/{account_id}/funds", .view, gate) { request, _, call in
                try await funds(request, call)
            },
        ]
    }

    private func positions(_ request: Request, _ call: AccountCall) async throws -> Response {
        let fresh = try QueryFields(request).flag("fresh")
        let reading: Reading<PositionBook>
        do { reading = try await call.session.positions(fresh: fresh) } catch { throw Self.refusal(error) }
        let body = written.body(of: call.account.id, reading) {
            var writer = JSONWriter(reservingCapacity: 256 + 416 * reading.value.net.count)
            writer.positions(reading, of: call.account.brokerUserID)
            return ByteBuffer(bytes: writer.bytes)
        }
        return JSONAnswer.response(body)
    }

    private func holdings(_ request: Request, _ call: AccountCall) async throws -> Response {
        let fresh = try QueryFields(request).flag("fresh")
        let reading: Reading<[Holding]>
        do { reading = try await call.session.holdings(fresh: fresh) } catch { throw Self.refusal(error) }
        var writer = JSONWriter(reservingCapacity: 256 + 320 * reading.value.count)
        writer.holdings(reading, of: call.account.brokerUserID)
        return JSONAnswer.response(writer)
    }

    private func funds(_ request: Request, _ call: AccountCall) async throws -> Response {
        let query = QueryFields(request)
        let fresh = try query.flag("fresh")
        let segments = try Self.segments(query.text("segment"))
        let reading: Reading<[MarginSegment: Margin]>
        do { reading = try await call.session.margins(fresh: fresh) } catch { throw Self.refusal(error) }
        var writer = JSONWriter(reservingCapacity: 1_024)
        writer.funds(reading, segments, of: call.account.brokerUserID)
        return JSONAnswer.response(writer)
    }

    private static func segments(_ text: String?) throws(Refusal) -> [MarginSegment] {
        guard let text else { return MarginSegment.allCases }
        guard let segment = MarginSegment(rawValue: text) else {
            throw Refusal(.invalidParameter, "\"segment\" must be equity or commodity.")
        }
        return [segment]
    }

    private static func refusal(_ error: any Error) -> any Error {
        (error as? BrokerError).map(Refusal.init) ?? error
    }
}
