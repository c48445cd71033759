/// Collects the pairs of a form, leaving out what is nil.
struct OrderForm {
    private(set) var pairs: [(name: String, value: String)] = []

    mutating func add(_ name: String, _ value: String?) {
        if let value { pairs.append((name, value)) }
    }

    mutating func add(_ name: String, _ value: Int?) {
        if let value { pairs.append((name, String(value))) }
    }

    mutating func add(_ name: String, _ value: Double?) throws(KiteError) {
        guard let value else { return }
        guard let text = DecimalText.text(value) else { throw .unsendable("\(name) is not a finite number") }
        pairs.append((name, text))
    }
}
