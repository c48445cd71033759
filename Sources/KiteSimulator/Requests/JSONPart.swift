import JSON
import Trading

/// A part of JSON text that came in a form field; refusals name it by its path, such as `orders[0].quantity`.
struct JSONPart {
    /// Where it stands.
    let path: String
    /// What stands there.
    let value: JSONValue

    private init(path: String, value: JSONValue) {
        self.path = path
        self.value = value
    }

    /// Reads the JSON text of a field.
    ///
    /// - Throws: Kite's refusal for a field that is missing or is not JSON.
    init(field name: String, of fields: Fields) throws(KiteRefusal) {
        let text = try fields.required(name)
        do throws(JSONError) {
            self.init(path: name, value: try JSONValue(parsing: text, depthLimit: 16))
        } catch {
            throw .input("Invalid `\(name)`: \(error).")
        }
    }

    /// The refusal that names this part.
    var invalid: KiteRefusal { .invalid(path) }

    /// A member of an object; nil where it is absent or null.
    func member(_ name: String) throws(KiteRefusal) -> JSONPart? {
        guard let object = value.object else { throw invalid }
        guard let member = object[name], !member.isNull else { return nil }
        return JSONPart(path: "\(path).\(name)", value: member)
    }

    /// A member that has to be there.
    func required(_ name: String) throws(KiteRefusal) -> JSONPart {
        guard let member = try member(name) else { throw .missing("\(path).\(name)") }
        return member
    }

    /// The elements of an array.
    func elements() throws(KiteRefusal) -> [JSONPart] {
        guard let elements = value.array else { throw invalid }
        return elements.enumerated().map { JSONPart(path: "\(path)[\($0.offset)]", value: $0.element) }
    }

    /// Text that is not empty.
    func text() throws(KiteRefusal) -> String {
        guard let text = value.string, !text.isEmpty else { throw invalid }
        return text
    }

    /// One of Kite's words.
    func word<Word: RawRepresentable<String>>(_ type: Word.Type = Word.self) throws(KiteRefusal) -> Word {
        guard let word = Word(rawValue: try text()) else { throw invalid }
        return word
    }

    /// A number of rupees, not below zero.
    func price() throws(KiteRefusal) -> Price {
        guard let number = value.number,
            let price = Price(number.text) ?? number.double.flatMap(Price.init(rounding:)), price >= .zero
        else { throw invalid }
        return price
    }

    /// A whole number, not below zero; a fraction of zeros does no harm.
    func whole() throws(KiteRefusal) -> Int64 {
        guard let number = value.number else { throw invalid }
        if let units = number.int64, units >= 0 { return units }
        guard let units = number.double.flatMap(Int64.init(exactly:)), units >= 0 else { throw invalid }
        return units
    }

    /// `-1` is automatic, more than 0 and up to 100 a percentage; zero is none.
    func marketProtection() throws(KiteRefusal) -> MarketProtection? {
        guard let percent = value.number?.double, let protection = MarketProtection.Asked(percent: percent) else {
            throw invalid
        }
        return protection.value
    }
}

extension MarketProtection {
    /// A protection as Kite's clients write it.
    struct Asked {
        /// Nil where none is asked for.
        let value: MarketProtection?

        /// Reads a percentage; nil where it is none.
        init?(percent: Double) {
            switch percent {
            case -1: value = .automatic
            case 0: value = nil
            case 0...100: value = .basisPoints(max(1, Int64((percent * 100).rounded())))
            default: return nil
            }
        }
    }
}
