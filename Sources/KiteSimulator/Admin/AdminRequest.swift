import JSON

/// A refusal of the admin API: a sentence, and the part of the request that is wrong.
struct AdminRefusal: Error {
    let status: Int
    let message: String
    var field: String?

    static let unauthorized = AdminRefusal(
        status: 401, message: "The exchange's admin API needs its secret as a bearer token.")
    static let bodyTooLarge = AdminRefusal(status: 413, message: "The body is larger than 64 KiB.")

    static func unknown(_ path: String) -> AdminRefusal {
        AdminRefusal(status: 404, message: "There is nothing at \(path).", field: "path")
    }

    static func wrong(_ field: String, _ message: String) -> AdminRefusal {
        AdminRefusal(status: 400, message: message, field: field)
    }
}

/// What a request of the admin API says.
struct AdminRequest {
    let query: Fields
    let body: JSONObject

    /// Reads a body: a JSON object, or nothing where all is left to the defaults.
    init(query: Fields, body bytes: [UInt8], allowed: Set<String>?) throws(AdminRefusal) {
        self.query = query
        guard !bytes.isEmpty else {
            body = JSONObject([])
            return
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw .wrong("body", "The body is not JSON: \(error)")
        }
        guard let object = value.object else {
            throw .wrong("body", "The body has to be an object, not \(value.kind).")
        }
        if let allowed, let unknown = object.members.first(where: { !allowed.contains($0.name) }) {
            let names = allowed.sorted().joined(separator: ", ")
            throw .wrong(
                unknown.name,
                names.isEmpty ? "Nothing is taken here." : "\(unknown.name) is not known; take one of \(names).")
        }
        body = object
    }

    /// A text; nil where it is absent or null.
    func text(_ name: String) throws(AdminRefusal) -> String? {
        guard let value = body[name], !value.isNull else { return nil }
        guard let text = value.string else { throw .wrong(name, "\(name) has to be a string, not \(value.kind).") }
        return text
    }

    /// A truth value; false where it is absent or null.
    func flag(_ name: String) throws(AdminRefusal) -> Bool {
        guard let value = body[name], !value.isNull else { return false }
        guard let flag = value.bool else { throw .wrong(name, "\(name) has to be true or false, not \(value.kind).") }
        return flag
    }

    /// A whole number of at least 1; nil where it is absent or null.
    func number(_ name: String) throws(AdminRefusal) -> UInt64? {
        guard let value = body[name], !value.isNull else { return nil }
        guard let number = value.number?.int64, number > 0 else {
            throw .wrong(name, "\(name) has to be a whole number of at least 1.")
        }
        return UInt64(number)
    }

    /// Seconds, fractions and negative ones too, up to a year either way.
    func seconds(_ name: String) throws(AdminRefusal) -> Duration {
        guard let value = body[name] else { throw .wrong(name, "\(name) is missing.") }
        guard let seconds = value.number?.double, seconds.magnitude <= 366 * 86_400 else {
            throw .wrong(name, "\(name) has to be a number of seconds, a year at most.")
        }
        return .microseconds(Int64((seconds * 1_000_000).rounded()))
    }

    /// A whole number out of the query.
    func count(_ name: String, atLeast least: Int, default standard: Int) throws(AdminRefusal) -> Int {
        guard let text = query[name] else { return standard }
        guard let count = Int(text), count >= least else {
            throw .wrong(name, "\(name) has to be a whole number of at least \(least).")
        }
        return count
    }
}
