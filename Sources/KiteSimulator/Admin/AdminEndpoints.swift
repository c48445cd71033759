import Crypto
import HTTPTypes
import Hummingbird
import JSON
import Logging
import NIOCore
import Synchronization
import Trading
import WebServer

extension SimulatedKite {
    /// What the admin listener serves: faults, the ledger, the clock, sessions. Nobody gets in without the secret.
    package func adminRouter(secret: String) -> Router<ConnectionRequestContext> {
        let router = Router(context: ConnectionRequestContext.self)
        router.add(middleware: ResponseCompression())
        router.add(middleware: AdminEndpoints(kite: self, secret: secret))
        return router
    }

    /// Takes an address for the admin API; port 0 takes any free one. Nothing is answered before the listener runs.
    package func bindAdmin(
        host: String, port: Int, secret: String, logger: Logger
    ) async throws(ListenerError) -> HTTPListener {
        try await HTTPListener.bind(
            name: "exchange-admin", host: host, port: port, router: adminRouter(secret: secret), logger: logger)
    }
}

/// Answers every request of the admin API with JSON, errors included.
struct AdminEndpoints: RouterMiddleware {
    typealias Context = ConnectionRequestContext

    /// The largest body that is read.
    private static let bodyLimit = 64 << 10

    let kite: SimulatedKite
    private let secret: SHA256Digest

    init(kite: SimulatedKite, secret: String) {
        self.kite = kite
        self.secret = SHA256.hash(data: Array(secret.utf8))
    }

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            try authorize(request)
            let path = request.uri.path
            guard let route = AdminRoute(path: path) else { throw AdminRefusal.unknown(path) }
            guard route.methods.contains(request.method) else {
                let methods = route.methods.map(\.rawValue).joined(separator: ", ")
                var response = Self.failure(
                    AdminRefusal(status: 405, message: "\(path) takes \(methods).", field: "method"))
                response.headers[.allow] = methods
                return response
            }
            return try await respond(route, request)
        } catch let refusal as AdminRefusal {
            return Self.failure(refusal)
        }
    }

    /// Compares digests, which takes the same time wherever they differ.
    private func authorize(_ request: Request) throws(AdminRefusal) {
        let parts = (request.headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer",
            SHA256.hash(data: Array(parts[1].utf8)) == secret
        else { throw .unauthorized }
    }

    private func respond(_ route: AdminRoute, _ request: Request) async throws -> Response {
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: Self.bodyLimit)
        } catch is NIOTooManyBytesError {
            throw AdminRefusal.bodyTooLarge
        }
        let asked = try AdminRequest(
            query: Fields((request.uri.query ?? "").utf8), body: Array(body.readableBytesView), allowed: route.members)
        switch (route, request.method) {
        case (.faults, .get): return Self.object { kite.writeFaults(to: &$0) }
        case (.faults, .post): return try kite.addFaults(asked)
        case (.faults, _):
            kite.faults.clear()
            return Self.object { kite.writeFaults(to: &$0) }
        case (.fault(let id), .get): return try kite.fault(id)
        case (.fault(let id), _): return try kite.removeFault(id)
        case (.ledger, _): return try kite.ledgerPage(asked)
        case (.counts, _): return await kite.countsPage()
        case (.clock, .post):
            kite.faults.setClock(ahead: try asked.seconds("offset_seconds"))
            return kite.clockPage()
        case (.clock, _): return kite.clockPage()
        case (.tickers, _): return await kite.tickersPage()
        case (.disconnectTickers, _): return try await kite.disconnectTickers(asked)
        case (.sessions, _): return kite.sessionsPage()
        case (.expireSessions, _): return try await kite.expireSessions(asked)
        case (.reset, _): return kite.reset()
        }
    }

    /// An answer with the members that `write` makes.
    static func object(status: HTTPResponse.Status = .ok, _ write: (inout JSONWriter) -> Void) -> Response {
        var writer = JSONWriter(reservingCapacity: 1_024)
        writer.beginObject()
        write(&writer)
        writer.endObject()
        return Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }

    private static func failure(_ refusal: AdminRefusal) -> Response {
        var response = object(status: HTTPResponse.Status(code: refusal.status)) { writer in
            writer.key("status")
            writer.value("error")
            writer.key("message")
            writer.value(refusal.message)
            writer.key("field")
            writer.value(optional: refusal.field)
        }
        if refusal.status == 401 { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }
}
