import CoreMetrics
import Testing

@testable import Telemetry

struct PrometheusRegistryTests {
    @Test func `counters, gauges and floating counters are single lines, sorted by name`() {
        let registry = PrometheusRegistry()
        registry.makeMeter(label: "clients", dimensions: []).set(Int64(7))
        registry.makeCounter(label: "http_requests_total", dimensions: [("status", "200"), ("method", "GET")])
            .increment(by: 2)
        registry.makeFloatingPointCounter(label: "cpu", dimensions: []).increment(by: 0.5)
        let expected = """
            # TYPE quantagro_clients gauge
            quantagro_clients 7
            # TYPE quantagro_cpu_total counter
            quantagro_cpu_total 0.5
            # TYPE quantagro_http_requests_total counter
            quantagro_http_requests_total{method="GET",status="200"} 2

            """
        #expect(registry.exposition == expected)
    }

    @Test func `a timer is a histogram in seconds with cumulative buckets`() {
        let registry = PrometheusRegistry()
        let timer = registry.makeTimer(label: "order_gateway_seconds", dimensions: [("a", "b")])
        for nanoseconds: Int64 in [400_000, 500_000, 2_000_000, 20_000_000_000] {
            timer.recordNanoseconds(nanoseconds)
        }
        let text = registry.exposition
        #expect(text.contains("# TYPE quantagro_order_gateway_seconds histogram\n"))
        #expect(text.contains("quantagro_order_gateway_seconds_bucket{a=\"b\",le=\"0.0005\"} 2\n"))
        #expect(text.contains("quantagro_order_gateway_seconds_bucket{a=\"b\",le=\"0.0025\"} 3\n"))
        #expect(text.contains("quantagro_order_gateway_seconds_bucket{a=\"b\",le=\"10\"} 3\n"))
        #expect(text.contains("quantagro_order_gateway_seconds_bucket{a=\"b\",le=\"+Inf\"} 4\n"))
        #expect(text.contains("quantagro_order_gateway_seconds_count{a=\"b\"} 4\n"))
        #expect(text.contains("quantagro_order_gateway_seconds_sum{a=\"b\"} 20.0029"))
    }

    @Test func `the same name and labels are the same metric, in any order of labels`() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "x", dimensions: [("a", "1"), ("b", "2")]).increment(by: 1)
        registry.makeCounter(label: "x", dimensions: [("b", "2"), ("a", "1")]).increment(by: 1)
        #expect(registry.exposition.contains("quantagro_x_total{a=\"1\",b=\"2\"} 2\n"))
    }

    @Test func `label values are escaped and names made legal`() {
        let registry = PrometheusRegistry()
        registry.makeMeter(label: "odd-name.x", dimensions: [("pa th", "a\"b\\c\nd")]).set(1.5)
        #expect(registry.exposition.contains(#"quantagro_odd_name_x{pa_th="a\"b\\c\nd"} 1.5"#))
    }

    @Test func `a name used for another kind does not break the page`() {
        let registry = PrometheusRegistry()
        registry.makeMeter(label: "x_seconds", dimensions: []).set(1.0)
        registry.makeTimer(label: "x", dimensions: []).recordNanoseconds(1)
        #expect(registry.exposition == "# TYPE quantagro_x_seconds gauge\nquantagro_x_seconds 1\n")
    }

    @Test func `counting from many tasks loses nothing`() async {
        let registry = PrometheusRegistry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let counter = registry.makeCounter(label: "n", dimensions: [])
                    let timer = registry.makeTimer(label: "t", dimensions: [])
                    for _ in 0..<1_000 {
                        counter.increment(by: 1)
                        timer.recordNanoseconds(1_000)
                    }
                }
            }
        }
        #expect(registry.exposition.contains("quantagro_n_total 8000\n"))
        #expect(registry.exposition.contains("quantagro_t_seconds_count 8000\n"))
    }
}
