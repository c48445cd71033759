import CoreMetrics
import Synchronization

/// Keeps every metric of this process and writes them as Prometheus reads them.
///
/// Names get the prefix `quantagro_`, counters end in `_total` and timers, kept as histograms, in `_seconds`. The same
/// name and labels always give the same handler; hold on to it where it is used often.
package final class PrometheusRegistry: MetricsFactory {
    /// What `/metrics` is served as. Source: Prometheus text exposition format 0.0.4.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private struct Family {
        let kind: MetricKind
        var series: [String: any Series] = [:]
    }

    private let prefix: String
    private let families = Mutex<[String: Family]>([:])

    /// Starts empty; every name begins with the prefix.
    package init(prefix: String = "quantagro_") {
        self.prefix = prefix
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, suffix: "_total", .counter, dimensions) { WholeCounter() }
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, suffix: "_total", .counter, dimensions) { DecimalCounter() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, suffix: "", .gauge, dimensions) { Gauge() }
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return series(label, suffix: "", .gauge, dimensions) { Gauge() } }
        return series(label, suffix: "", .histogram, dimensions) { Histogram(bounds: Histogram.sizes) }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, suffix: "_seconds", .histogram, dimensions) { Histogram(bounds: Histogram.seconds) }
    }

    package func destroyCounter(_: any CounterHandler) {}
    package func destroyFloatingPointCounter(_: any FloatingPointCounterHandler) {}
    package func destroyMeter(_: any MeterHandler) {}
    package func destroyRecorder(_: any RecorderHandler) {}
    package func destroyTimer(_: any TimerHandler) {}

    /// All metrics in the text format, families and series sorted by name.
    package var exposition: String {
        let known = families.withLock { $0 }
        var text = ""
        for (name, family) in known.sorted(by: { $0.key < $1.key }) {
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.write(name: name, labels: labels, to: &text)
            }
        }
        return text
    }

    /// The handler of a name and labels; one that nobody reads where the name is already of another kind.
    private func series<Handler: Series>(
        _ label: String, suffix: String, _ kind: MetricKind, _ dimensions: [(String, String)],
        make: () -> Handler
    ) -> Handler {
        let name = MetricText.name(label, prefix: prefix, suffix: suffix)
        let labels = MetricText.labels(dimensions)
        return families.withLock { families in
            if let family = families[name] {
                guard family.kind == kind else { return make() }
                if let known = family.series[labels] { return known as? Handler ?? make() }
            }
            let made = make()
            families[name, default: Family(kind: kind)].series[labels] = made
            return made
        }
    }
}

/// What sort of metric a family is, in Prometheus's words.
enum MetricKind: String {
    case counter, gauge, histogram
}

/// One labelled line, or group of lines, of a family.
protocol Series: AnyObject, Sendable {
    /// Appends the current values.
    func write(name: String, labels: String, to text: inout String)
}

/// Names, labels and numbers as the text format wants them.
enum MetricText {
    /// A legal name with prefix and suffix, neither of them twice.
    static func name(_ label: String, prefix: String, suffix: String) -> String {
        let legal = String(decoding: label.utf8.map { isNamePart($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        let start = legal.hasPrefix(prefix) ? legal : prefix + legal
        return start.hasSuffix(suffix) ? start : start + suffix
    }

    /// `a="b",c="d"` sorted by name, with backslash, quote and line feed escaped.
    static func labels(_ dimensions: [(String, String)]) -> String {
        if dimensions.isEmpty { return "" }
        return dimensions.sorted { $0.0 < $1.0 }.map { "\(name($0.0, prefix: "", suffix: ""))=\"\(escaped($0.1))\"" }
            .joined(separator: ",")
    }

    /// One sample line.
    static func line(_ name: String, _ labels: String, _ value: String) -> String {
        labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }

    /// A number without a needless fraction.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : "\(value)"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n", "\r\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
