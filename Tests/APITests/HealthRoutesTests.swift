import HTTPTypes
import JSON
import Metrics
import Telemetry
import Testing

@testable import API

struct HealthRoutesTests {
    @Test func `a service that can take orders is healthy and says nothing secret`() async throws {
        try await House.run {
            $0.version = "1.2.3"
        } _: { house in
            let reply = try await house.send(.get, "/health", as: nil)
            #expect(reply.status == 200)
            let expected = """
                {"status":"healthy","version":"1.2.3","uptime_seconds":0,"database":"ok",\
                "sessions":{"total":2,"ready":2,"starting":0,"signed_out":0,"stopped":0,"disconnected":0}}
                """
            #expect(reply.text == expected)
            #expect(try await house.send(.head, "/health", as: nil).status == 200)
        }
    }

    @Test func `without its database the service is 503`() async throws {
        try await House.run {
            $0.isDatabaseWritable = { false }
        } _: { house in
            let reply = try await house.send(.get, "/health", as: nil)
            #expect(reply.status == 503)
            #expect(reply.string("status") == "degraded")
            #expect(reply.string("database") == "unavailable")
        }
    }

    @Test func `metrics are Prometheus text`() async throws {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "orders", dimensions: []).increment(by: 3)
        try await House.run {
            $0.registry = registry
        } _: { house in
            let reply = try await house.send(.get, "/metrics", as: nil)
            #expect(reply.headers[.contentType] == PrometheusRegistry.contentType)
            #expect(reply.text.contains("quantagro_orders_total 3\n"))
        }
    }

    @Test func `the sample exists only where it was asked for and needs a token like any read`() async throws {
        try await House.run {
            $0.staticSample = Array("{}".utf8)
        } _: { house in
            let mine = try await house.send(.get, "/sample/positions", as: house.ann)
            #expect(mine.text == "{}")
            let nobody = try await house.send(.get, "/sample/positions", as: nil)
            #expect(nobody.status == 401)
        }
        try await House.run { house in
            let reply = try await house.send(.get, "/sample/positions", as: house.ann)
            #expect(reply.status == 404)
        }
    }
}
