import Brokers
import Gateway
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Telemetry

/// `GET /health` and `GET /metrics`, for whoever watches the service.
struct HealthRoutes: Sendable {
    let desk: TradingDesk
    let registry: PrometheusRegistry
    let version: String
    let uptime: @Sendable () -> Duration
    let started: Duration
    let isDatabaseWritable: @Sendable () async -> Bool

    var routes: [Route] {
        [
            .open(.get, "/health") { _, _ in await health() },
            .open(.get, "/metrics") { _, _ in
                Response(
                    status: .ok, headers: [.contentType: PrometheusRegistry.contentType],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: registry.exposition)))
            },
        ]
    }

    private struct Sessions {
        var ready = 0
        var starting = 0
        var signedOut = 0
        var stopped = 0
        var disconnected = 0
    }

    private func health() async -> Response {
        let isWritable = await isDatabaseWritable()
        let sessions = await countSessions()
        let unwell = sessions.starting + sessions.signedOut + sessions.stopped + sessions.disconnected
        let isHealthy = isWritable && unwell == 0
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("status")
        writer.value(isHealthy ? "healthy" : "degraded")
        writer.key("version")
        writer.value(version)
        writer.key("uptime_seconds")
        writer.value((uptime() - started).components.seconds)
        writer.key("database")
        writer.value(isWritable ? "ok" : "unavailable")
        writer.key("sessions")
        writer.beginObject()
        writer.key("total")
        writer.value(sessions.ready + sessions.starting + sessions.signedOut + sessions.stopped)
        writer.key("ready")
        writer.value(sessions.ready)
        writer.key("starting")
        writer.value(sessions.starting)
        writer.key("signed_out")
        writer.value(sessions.signedOut)
        writer.key("stopped")
        writer.value(sessions.stopped)
        writer.key("disconnected")
        writer.value(sessions.disconnected)
        writer.endObject()
        writer.endObject()
        return JSONAnswer.response(writer, status: isWritable ? .ok : .serviceUnavailable)
    }

    private func countSessions() async -> Sessions {
        var sessions = Sessions()
        for account in desk.accounts {
            guard let state = await desk.session(of: account)?.state else { continue }
            switch state.readiness {
            case .starting: sessions.starting += 1
            case .signedOut: sessions.signedOut += 1
            case .stopped: sessions.stopped += 1
            case .ready:
                sessions.ready += 1
                if state.connection != .connected { sessions.disconnected += 1 }
            }
        }
        return sessions
    }
}
