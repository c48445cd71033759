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
        let path = request.uri.path
        let endpoint = Endpoint(path: path)
        let subject = Faults.Subject(
            path: path, isPlacing: request.method == .post && endpoint?.isOrder == true,
            isOrderChange: request.method != .get && endpoint?.isOrder == true)
        guard let fault = kite.faults.take(for: subject) else {
            return await answer(request, endpoint, context)
        }
        return try await FaultyAnswer(fault: fault, faults: kite.faults, channel: context.channel)
            .response { await answer(request, endpoint, context) }
    }

    private func answer(_ request: Request, _ endpoint: Endpoint?, _ context: Context) async -> Response {
        do {
            guard let endpoint else { throw KiteRefusal.route }
            guard endpoint.methods.contains(request.method) else {
                var response = Reply.failure(.method)
                response.headers[.allow] = endpoint.methods.map(\.rawValue).joined(separator: ", ")
                return response
            }
            if endpoint == .root { return try upgrade(request, context) }
            let call = try await call(request)
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
        case .login: return try kite.login(call)
        case .session: return call.method == .post ? try kite.openSession(call) : try await kite.closeSession(call)
        case .refresh: throw KiteRefusal.refresh
        case .profile: return try kite.profile(call)
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
        case .positions: return try await kite.positions(call)
        case .holdings: return try await kite.holdings(call)
        case .quotes(let detail): return try await kite.quotes(call, detail: detail)
        case .instruments(let exchange): return try await kite.instruments(call, exchange: exchange)
        case .triggerRange(let side): return try await kite.triggerRange(call, side: side)
        }
    }

    private func call(_ request: Request) async throws -> KiteCall {
        var fields = Fields((request.uri.query ?? "").utf8)
        if request.method == .post || request.method == .put {
            do {
                let body = try await request.body.collect(upTo: Self.bodyLimit)
                fields.append(Fields(body.readableBytesView))
            } catch is NIOTooManyBytesError {
                throw KiteRefusal.bodyTooLarge
            }
        }
        return KiteCall(
            method: request.method, fields: fields, authorization: request.headers[.authorization],
            acceptEncoding: request.headers[.acceptEncoding] ?? "", time: kite.clock())
    }

    /// The ticker: the session is checked before anything is upgraded.
    private func upgrade(_ request: Request, _ context: Context) throws -> Response {
        guard request.headers[.upgrade]?.lowercased() == "websocket" else { throw KiteRefusal.route }
        let fields = Fields((request.uri.query ?? "").utf8)
        let now = kite.clock()
        let session = kite.sessions.withLock {
            $0.session(apiKey: fields["api_key"] ?? "", accessToken: fields["access_token"] ?? "", at: now)
        }
        guard let session else { throw KiteRefusal.handshake }
        let ticker = kite.ticker
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
}

/// A request as the answers need it.
struct KiteCall: Sendable {
    let method: HTTPRequest.Method
    /// Query and form fields together, the query's first.
    let fields: Fields
    let authorization: String?
    let acceptEncoding: String
    /// When it arrived.
    let time: Timestamp
}

/// An answer that something goes wrong with.
struct FaultyAnswer {
    let fault: Faults.Fault
    let faults: Faults
    let channel: any Channel

    /// The answer, or an error once the connection is closed.
    func response(_ answer: () async -> Response) async throws -> Response {
        switch fault {
        case .delay(let duration):
            try await Task.sleep(for: duration)
            return await answer()
        case .status(let status, let moment):
            if moment == .afterEffect { _ = await answer() }
            let kind: KiteRefusal.Kind = status == 502 ? .data : status == 503 ? .network : .general
            return Reply.failure(
                KiteRefusal(status: status, kind: kind, message: "Something went wrong. Please try again later."))
        case .page(let status, let moment):
            if moment == .afterEffect { _ = await answer() }
            return Reply.page(
                "<html><head><title>\(status)</title></head><body><h1>\(status)</h1></body></html>",
                status: HTTPResponse.Status(code: status))
        case .stopAnswering(let moment):
            if moment == .afterEffect { _ = await answer() }
            await faults.hold { release in
                channel.closeFuture.whenComplete { _ in release() }
            }
            return try await drop()
        case .dropConnection(let moment):
            if moment == .afterEffect { _ = await answer() }
            return try await drop()
        }
    }

    /// Closes the connection; the answer that is made up finds nobody to go to.
    private func drop() async throws -> Response {
        // A channel that is closed already is what was wanted.
        try? await channel.close().get()
        return Response(status: .internalServerError)
    }
}
