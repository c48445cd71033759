import CoreMetrics
import Synchronization

/// Counts whole things.
final class WholeCounter: CounterHandler, Series {
    private let count = Atomic<Int64>(0)

    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }

    func write(name: String, labels: String, to text: inout String) {
        text += MetricText.line(name, labels, String(count.load(ordering: .relaxed)))
    }
}

/// Counts parts of things.
final class DecimalCounter: FloatingPointCounterHandler, Series {
    private let sum = Mutex(0.0)

    func increment(by amount: Double) { sum.withLock { $0 += amount } }
    func reset() { sum.withLock { $0 = 0 } }

    func write(name: String, labels: String, to text: inout String) {
        text += MetricText.line(name, labels, MetricText.number(sum.withLock { $0 }))
    }
}

/// A value that goes up and down.
final class Gauge: MeterHandler, RecorderHandler, Series {
    private let current = Mutex(0.0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { current.withLock { $0 = value } }
    func increment(by amount: Double) { current.withLock { $0 += amount } }
    func decrement(by amount: Double) { current.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func write(name: String, labels: String, to text: inout String) {
        text += MetricText.line(name, labels, MetricText.number(current.withLock { $0 }))
    }
}

/// How often values fell under each of some bounds; times are in seconds.
final class Histogram: TimerHandler, RecorderHandler, Series {
    /// From half a millisecond to ten seconds.
    static let seconds: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]
    /// For things that are counted or measured in bytes.
    static let sizes: [Double] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]

    private struct State {
        /// One count a bound and one for what lies above them all.
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        var index = 0
        while index < bounds.count, bounds[index] < value { index += 1 }
        state.withLock { state in
            state.counts[index] += 1
            state.sum += value
        }
    }

    func write(name: String, labels: String, to text: inout String) {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        let separator = labels.isEmpty ? "" : ","
        var total: UInt64 = 0
        for (count, bound) in zip(counts, bounds + [.infinity]) {
            total += count
            text += MetricText.line(
                "\(name)_bucket", "\(labels)\(separator)le=\"\(MetricText.number(bound))\"", String(total))
        }
        text += MetricText.line("\(name)_sum", labels, "\(sum)")
        text += MetricText.line("\(name)_count", labels, String(total))
    }
}
