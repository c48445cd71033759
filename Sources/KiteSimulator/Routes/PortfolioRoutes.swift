import HTTPTypes
import Hummingbird
import JSON
import PaperExchange
import Synchronization
import Trading

extension SimulatedKite {
    /// `GET /portfolio/positions`
    func positions(_ call: KiteCall) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        let positions = await book(call, of: user).positions()
        return Reply.success(reserving: 64 + (positions.net.count + positions.day.count) * 720) { writer in
            writer.beginObject()
            writer.key("net")
            writer.beginArray()
            for position in positions.net { writer.positionRow(position) }
            writer.endArray()
            writer.key("day")
            writer.beginArray()
            for position in positions.day { writer.positionRow(position) }
            writer.endArray()
            writer.endObject()
        }
    }

    /// `PUT /portfolio/positions`
    func convertPosition(_ call: KiteCall) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        let conversion = try PositionConversion(call.fields)
        do {
            try await venue.convert(conversion, for: user.userID)
        } catch {
            throw KiteRefusal(error)
        }
        return Reply.success { $0.value(true) }
    }

    /// `GET /portfolio/holdings`
    func holdings(_ call: KiteCall) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        let date = call.time.indian.date
        return Reply.list(await venue.heldShares(of: user.userID)) { $0.holdingRow($1, date: date) }
    }

    /// `GET /portfolio/holdings/compact`, `/summary`, `/auctions` and `POST /portfolio/holdings/authorise`
    func holdings(_ call: KiteCall, as view: HoldingsView) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        switch view {
        case .compact:
            return Reply.list(await venue.heldShares(of: user.userID)) { $0.compactHoldingRow($1.holding) }
        case .summary:
            // Prices are known of everything that is listed; a share that is not has no part in the sums.
            let known = await venue.holdings(of: user.userID).filter { $0.lastPrice != nil && $0.closePrice != nil }
            guard let summary = HoldingsSummary(known) else { throw .internalFault }
            return Reply.success { $0.holdingsSummary(summary) }
        case .auctions:
            let date = call.time.indian.date
            return Reply.list(await offeredShares(to: user.userID)) { $0.auctionRow($1, date: date) }
        case .authorise:
            let asked = try AuthorisationRequest.items(call.fields)
            let id = authorisations.withLock {
                $0.open(apiKey: call.apiKey, userID: user.userID, asked, at: call.time)
            }
            return Reply.success(reserving: 96) { writer in
                writer.beginObject()
                writer.key("request_id")
                writer.value(id)
                writer.endObject()
            }
        }
    }

    /// Today's auctions with what the user holds of each share.
    private func offeredShares(to userID: String) async -> [OfferedShares] {
        let auctions = await venue.auctions(of: userID)
        let held = await venue.holdings(of: userID)
        return auctions.compactMap { auction -> OfferedShares? in
            guard var holding = held.first(where: { $0.instrument == auction.instrument }) else { return nil }
            holding.token = auction.token
            return OfferedShares(number: auction.number, holding: holding)
        }
    }

    /// `GET` and `POST /connect/portfolio/authorise/holdings/:api_key/:request_id`, and the `finish` it ends on.
    func authorisationPage(
        _ call: KiteCall, apiKey: String, requestID: String, isFinished: Bool
    ) async throws(KiteRefusal) -> Response {
        if isFinished { return AuthorisationPage.finish(isDone: call.fields["status"] == "success") }
        let request = authorisations.withLock { $0.request(requestID, apiKey: apiKey, at: call.time) }
        guard let request else { throw .authorisationRequest }
        let path = "/connect/portfolio/authorise/holdings/\(apiKey)/\(requestID)"
        guard call.method == .post else { return AuthorisationPage.form(path: path, request) }
        guard call.fields["decision"] != "refuse" else { return AuthorisationPage.finished(path, isDone: false) }
        authorisations.withLock { $0.close(requestID) }
        await venue.authoriseHoldings(request.items, for: request.userID)
        return AuthorisationPage.finished(path, isDone: true)
    }
}

extension KiteCall {
    /// The key that the header names; empty where there is none.
    var apiKey: String {
        let names = (authorization ?? "").split(separator: " ", maxSplits: 1).last ?? ""
        return String(names.prefix { $0 != ":" })
    }
}

extension PositionConversion {
    /// Reads a conversion's form.
    ///
    /// - Throws: Kite's refusal that names the first missing or malformed field.
    init(_ fields: Fields) throws(KiteRefusal) {
        guard let exchange = Exchange(rawValue: try fields.required("exchange")) else { throw .invalid("exchange") }
        let symbol = try fields.required("tradingsymbol")
        guard let side = Side(rawValue: try fields.required("transaction_type")) else {
            throw .invalid("transaction_type")
        }
        guard let period = Period(rawValue: try fields.required("position_type")) else {
            throw .invalid("position_type")
        }
        guard let units = Int64(try fields.required("quantity")) else { throw .invalid("quantity") }
        guard let from = Product(rawValue: try fields.required("old_product")) else { throw .invalid("old_product") }
        guard let to = Product(rawValue: try fields.required("new_product")) else { throw .invalid("new_product") }
        self.init(
            instrument: InstrumentID(exchange: exchange, symbol: symbol), side: side, period: period,
            quantity: Quantity(units), from: from, to: to)
    }
}
