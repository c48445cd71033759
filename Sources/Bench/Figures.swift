import JSON

/// Named figures of a benchmark, printed for people or programs.
struct Figures {
    private var rows: [(name: String, value: Double)] = []
    private var verdicts: [(name: String, holds: Bool)] = []

    /// Adds a figure.
    mutating func add(_ name: String, _ value: Double) {
        rows.append((name, value))
    }

    /// Adds p50, p99 and the count of samples in milliseconds.
    mutating func add(_ name: String, milliseconds samples: [Double]) {
        let sorted = samples.sorted()
        add("\(name)_p50_ms", Self.quantile(sorted, 0.5))
        add("\(name)_p99_ms", Self.quantile(sorted, 0.99))
        add("\(name)_count", Double(sorted.count))
    }

    /// Notes whether a goal was reached.
    mutating func goal(_ name: String, _ holds: Bool) {
        verdicts.append((name, holds))
    }

    /// The value at a share of sorted samples; not a number when there are none.
    static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        guard !sorted.isEmpty else { return .nan }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    /// Prints everything.
    func show(asJSON: Bool) {
        guard asJSON else {
            for row in rows { print("\(row.name) \((row.value * 1_000).rounded() / 1_000)") }
            for verdict in verdicts { print("\(verdict.name): \(verdict.holds ? "reached" : "NOT reached")") }
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        for row in rows {
            writer.key(dynamic: row.name)
            writer.value((row.value * 1_000).rounded() / 1_000)
        }
        writer.key("goals")
        writer.beginObject()
        for verdict in verdicts {
            writer.key(dynamic: verdict.name)
            writer.value(verdict.holds)
        }
        writer.endObject()
        writer.endObject()
        print(writer.text)
    }
}
