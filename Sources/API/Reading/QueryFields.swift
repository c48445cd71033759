import Hummingbird

/// The query parameters of a request, each read as its type; unknown ones are left alone.
struct QueryFields {
    private let request: Request

    init(_ request: Request) {
        self.request = request
    }

    /// The text of a parameter; nil where it is not there or empty.
    func text(_ name: String) -> String? {
        guard request.uri.query != nil, let value = request.uri.queryParameters[name[...]], !value.isEmpty else {
            return nil
        }
        return String(value)
    }

    /// `true`, `false`, `1` or `0`; false where it is not there.
    func flag(_ name: String) throws(Refusal) -> Bool {
        switch text(name)?.lowercased() {
        case nil, "false", "0": return false
        case "true", "1": return true
        default: throw Refusal(.invalidParameter, "\"\(name)\" must be true or false.")
        }
    }

    /// A whole number in a range.
    func integer(_ name: String, in range: ClosedRange<Int>, otherwise standard: Int) throws(Refusal) -> Int {
        guard let text = text(name) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw Refusal(
                .invalidParameter,
                "\"\(name)\" must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }
}
