import Gateway
import Hummingbird
import NIOCore
import WebServer

/// The backend API: its table of routes and the layers that every request passes.
package struct BackendRoutes: Sendable {
    /// Every route, in the sequence of the documentation.
    package let table: [Route]

    private let dependencies: APIDependencies
    private let origins: OriginPolicy<APIContext>
    private let admission: Admission

    /// Builds the table.
    package init(_ dependencies: APIDependencies) {
        self.dependencies = dependencies
        origins = OriginPolicy(allowed: dependencies.allowedOrigins)
        let gate = AccountGate(
            directory: dependencies.directory, desk: dependencies.desk, logins: dependencies.logins)
        let health = HealthRoutes(
            desk: dependencies.desk, registry: dependencies.registry, version: dependencies.version,
            uptime: dependencies.time.uptime, started: dependencies.time.uptime(),
            isDatabaseWritable: dependencies.isDatabaseWritable)
        let streams = OrderStreamRoutes(gate: gate, hub: dependencies.hub, time: dependencies.time, origins: origins)
        table =
            LoginRoute(signIn: dependencies.signIn, now: dependencies.time.now).routes
            + AccountRoutes(gate: gate, users: dependencies.users).routes
            + BrokerLoginRoutes(gate: gate, logins: dependencies.logins).routes
            + PortfolioRoutes(gate: gate).routes
            + OrderPlacement(gate: gate).routes
            + OrderRoutes(gate: gate).routes
            + streams.routes
            + health.routes
            + Self.sample(dependencies.staticSample)
        admission = Admission(
            tokens: dependencies.accessTokens, now: dependencies.time.now, limits: dependencies.limits, routes: table)
    }

    /// A router, ready to be served; several share one count of requests.
    package func router() -> Router<APIContext> {
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestStart(uptime: dependencies.time.uptime))
        router.add(middleware: CorrelationID())
        router.add(middleware: AccessLog())
        router.add(middleware: origins)
        router.add(middleware: ResponseCompression())
        router.add(middleware: admission)
        for route in table { router.on(RouterPath(route.path), method: route.method, use: route.handler) }
        return router
    }

    /// The same size of answer through the same layers, without the work: what reads are measured against.
    private static func sample(_ bytes: [UInt8]?) -> [Route] {
        guard let bytes else { return [] }
        let buffer = ByteBuffer(bytes: bytes)
        return [.signedIn(.get, "/sample/positions") { _, _, _ in JSONAnswer.response(buffer) }]
    }
}
