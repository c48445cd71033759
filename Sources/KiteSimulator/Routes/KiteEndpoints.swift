import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization
import Trading
import WebServer
import WebSocket

/// Answers every request, errors included, as Kite does.
struct KiteEndpoints: RouterMiddleware {
    typealias Context = ConnectionRequestContext

    /// The largest body that is read.
    private static let bodyLimit = 1 << 20

    let kite: SimulatedKite

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let endpoint = Endpoint(path: request.uri.path)
        let faults = kite.faults.take(for: subject(request, endpoint))
        guard request.method != .get else { return try await conduct(request, endpoint, context, faults, nil) }
        let trace = RequestTrace(
            method: request.method, path: request.uri.path, authorization: request.headers[.authorization])
        return try await RequestTrace.$current.withValue(trace) {
            try await conduct(request, endpoint, context, faults, trace)
        }
    }

    private func subject(_ request: Request, _ endpoint: Endpoint?) -> Faults.Subject {
        Faults.Subject(
            path: request.uri.path, isPlacing: request.method == .post && endpoint?.isOrder == true,
            isOrderChange: request.method != .get && endpoint?.isOrder == true, isTicker: endpoint == .root,
            isReading: request.method == .get && endpoint?.isBook == true)
    }

    /// Answers, or not, as the faults want it, and notes what was answered.
    private func conduct(
        _ request: Request, _ endpoint: Endpoint?, _ context: Context, _ faults: Faults.RequestFaults,
        _ trace: RequestTrace?
    ) async throws -> Response {
        let response: Response
        if let fault = faults.answer {
            response = try await FaultyAnswer(fault: fault, faults: kite.faults, channel: context.channel)
                .response { await answer(request, endpoint, context, faults.view) }
        } else {
            response = await answer(request, endpoint, context, faults.view)
        }
        let status = faults.answer?.sendsAnswer == false ? nil : response.status.code
        kite.counts.add(request.method, request.uri.path, status: status)
        if let trace {
            kite.ledger.note(Ledger.Answer(status: status, fault: faults.answer?.specText), for: trace)
        }
        return response
    }

    private func answer(
        _ request: Request, _ endpoint: Endpoint?, _ context: Context, _ view: BookView
    ) async -> Response {
        do {
            guard let endpoint else { throw KiteRefusal.route }
            guard endpoint.methods.contains(request.method) else {
                var response = Reply.failure(.method)
                response.headers[.allow] = endpoint.methods.map(\.rawValue).joined(separator: ", ")
                return response
            }
            if endpoint == .root { return try await upgrade(request, context) }
            var call = try await call(request, takesJSON: endpoint.takesJSON)
            call.view = view
            if endpoint.isOrder, call.method != .get { try kite.checkAddress(context.channel.remoteAddress, call) }
            return try await respond(endpoint, call)
        } catch let refusal as KiteRefusal {
            return Reply.failure(refusal)
        } catch let error as HTTPError {
            return Reply.failure(
                KiteRefusal(status: error.status.code, kind: .general, message: error.body ?? "Bad request."))
        } catch {
            context.logger.error("request failed", metadata: ["error": "\(error)"])
            return Reply.failure(.internalFault)
        }
    }

    private func respond(_ endpoint: Endpoint, _ call: KiteCall) async throws -> Response {
        switch endpoint {
        case .root: throw KiteRefusal.route
        case .login: return try await kite.login(call)
        case .passwordSignIn: return try kite.beginSignIn(call)
        case .secondFactor: return try kite.finishSignIn(call)
        case .landing: return LoginPage.landing(call.fields["request_token"])
        case .session:
            return call.method == .post ? try await kite.openSession(call) : try await kite.closeSession(call)
        case .refresh: return try kite.refreshSession(call)
        case .profile: return try kite.profile(call)
        case .fullProfile: return try kite.fullProfile(call)
        case .margins(let segment): return try await kite.margins(call, segment: segment)
        case .orders: return try await kite.orders(call)
        case .order(let name):
            return call.method == .post
                ? try await kite.place(call, variety: name) : try await kite.history(call, orderID: name)
        case .variety(let variety, let orderID):
            return call.method == .put
                ? try await kite.modify(call, variety: variety, orderID: orderID)
                : try await kite.cancel(call, variety: variety, orderID: orderID)
        case .orderTrades(let orderID): return try await kite.trades(call, orderID: orderID)
        case .trades: return try await kite.trades(call)
        case .positions:
            return call.method == .put ? try await kite.convertPosition(call) : try await kite.positions(call)
        case .holdings: return try await kite.holdings(call)
        case .holdingsView(let view): return try await kite.holdings(call, as: view)
        case .authorisation(let apiKey, let requestID, let isFinished):
            return try await kite.authorisationPage(
                call, apiKey: apiKey, requestID: requestID, isFinished: isFinished)
        case .calculator(let calculator): return try await kite.calculate(calculator, call)
        case .candles(let token, let interval): return try await kite.candles(call, token: token, interval: interval)
        case .funds(let endpoint): return try kite.funds(endpoint, call)
        case .quotes(let detail): return try await kite.quotes(call, detail: detail)
        case .instruments(let exchange): return try await kite.instruments(call, exchange: exchange)
        case .triggerRange(let side): return try await kite.triggerRange(call, side: side)
        case .gtts, .gtt, .alerts, .alert, .alertHistory: return try await triggers(endpoint, call)
        }
    }

    /// Orders that wait for a price, and alerts.
    private func triggers(_ endpoint: Endpoint, _ call: KiteCall) async throws -> Response {
        switch (endpoint, call.method) {
        case (.gtts, .post): return try await kite.placeGTT(call)
        case (.gtts, _): return try await kite.gtts(call)
        case (.gtt(let id), .put): return try await kite.modifyGTT(call, id: id)
        case (.gtt(let id), .delete): return try await kite.deleteGTT(call, id: id)
        case (.gtt(let id), _): return try await kite.gtt(call, id: id)
        case (.alerts, .post): return try await kite.createAlert(call)
        case (.alerts, .delete): return try await kite.deleteAlerts(call)
        case (.alerts, _): return try await kite.alerts(call)
        case (.alert(let uuid), .put): return try await kite.modifyAlert(call, uuid: uuid)
        case (.alert(let uuid), _): return try await kite.alert(call, uuid: uuid)
        case (.alertHistory(let uuid), _): return try await kite.alertHistory(call, uuid: uuid)
        default: throw KiteRefusal.route
        }
    }

    private func call(_ request: Request, takesJSON: Bool) async throws -> KiteCall {
        var fields = Fields((request.uri.query ?? "").utf8)
        var json = ByteBuffer()
        if request.method == .post || request.method == .put {
            do {
                let body = try await request.body.collect(upTo: Self.bodyLimit)
                if takesJSON { json = body } else { fields.append(Fields(body.readableBytesView)) }
            } catch is NIOTooManyBytesError {
                throw KiteRefusal.bodyTooLarge
            }
        }
        return KiteCall(
            method: request.method, fields: fields, json: json, authorization: request.headers[.authorization],
            acceptEncoding: request.headers[.acceptEncoding] ?? "", cookie: request.headers[.cookie],
            time: kite.clock())
    }

    /// The ticker: the session is checked before anything is upgraded.
    private func upgrade(_ request: Request, _ context: Context) async throws -> Response {
        guard request.headers[.upgrade]?.lowercased() == "websocket" else { throw KiteRefusal.route }
        let fields = Fields((request.uri.query ?? "").utf8)
        let now = kite.clock()
        let session = kite.sessions.withLock {
            $0.session(apiKey: fields["api_key"] ?? "", accessToken: fields["access_token"] ?? "", at: now)
        }
        kite.counts.add(session == nil ? .tickerRefusals : .tickerHandshakes)
        guard let session else { throw KiteRefusal.handshake }
        let ticker = kite.ticker
        guard await ticker.hasRoom(for: session) else {
            kite.counts.add(.tickerRefusals)
            throw KiteRefusal.tooManyConnections
        }
        let options = WebSocketOptions(
            maxMessageBytes: 1 << 20, sendBufferBytes: kite.configuration.ticker.sendBufferBytes)
        return try WebSocketUpgrade.response(to: request, context: context, options: options) { connection in
            await ticker.serve(connection, session: session)
        }
    }
}

extension Endpoint {
    /// Whether placements, modifications and cancellations come here.
    var isOrder: Bool {
        switch self {
        case .order, .variety: true
        default: false
        }
    }

    /// Whether the order book or what follows from it is read here.
    var isBook: Bool {
        switch self {
        case .orders, .order, .orderTrades, .trades, .positions: true
        default: false
        }
    }
}

/// A request as the answers need it.
struct KiteCall: Sendable {
    let method: HTTPRequest.Method
    /// Query and form fields together, the query's first.
    let fields: Fields
    /// The body of a call that takes JSON; empty for any other.
    let json: ByteBuffer
    let authorization: String?
    let acceptEncoding: String
    /// What a browser sends back.
    let cookie: String?
    /// When it arrived.
    let time: Timestamp
    /// How the order book is shown.
    var view = BookView()
}
