/// An HTTP address of Kite's web, with just the parts that tell whether another is at the same host.
struct WebAddress: Sendable, Hashable {
    /// `http` or `https`.
    let scheme: String
    /// In small letters.
    let host: String
    let port: Int
    /// From the first slash on, query included, fragment left out.
    let target: String

    /// Takes an absolute address; nil for any other scheme, for user names in it, and for characters that no address
    /// has.
    init?(_ text: some StringProtocol) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else { return nil }
        let whole = text.prefix { $0 != "#" }
        guard let separator = whole.firstRange(of: "://") else { return nil }
        scheme = whole[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = whole[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest[authority.endIndex...]
        guard !authority.contains("@") else { return nil }
        let standard = scheme == "https" ? 443 : 80
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(number) else {
                return nil
            }
            host = authority[..<colon].lowercased()
            port = number
        } else {
            host = authority.lowercased()
            port = standard
        }
        guard !host.isEmpty else { return nil }
        target = path.hasPrefix("/") ? String(path) : "/" + path
    }

    private init(_ base: WebAddress, target: String) {
        scheme = base.scheme
        host = base.host
        port = base.port
        self.target = target
    }

    /// The address in full.
    var text: String {
        let isStandard = port == (scheme == "https" ? 443 : 80)
        return "\(scheme)://\(host)\(isStandard ? "" : ":\(port)")\(target)"
    }

    /// Whether cookies of this address may be sent to another: scheme, host and port are the same.
    func sharesOrigin(with other: WebAddress) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    /// Another target at the same host.
    func at(_ target: String) -> WebAddress { WebAddress(self, target: target) }

    /// Where a `Location` header leads from here; nil where it is no HTTP address.
    func resolving(_ location: String) -> WebAddress? {
        if location.hasPrefix("//") { return WebAddress("\(scheme):\(location)") }
        let beforeQuery = location.prefix { $0 != "?" && $0 != "/" && $0 != "#" }
        if beforeQuery.contains(":") { return WebAddress(location) }
        let isPlain = location.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
        guard isPlain, !location.isEmpty else { return nil }
        let relative = String(location.prefix { $0 != "#" })
        if relative.hasPrefix("/") { return at(relative) }
        let path = target.prefix { $0 != "?" }
        if relative.hasPrefix("?") { return at(path + relative) }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
        return at(folder + relative)
    }
}

/// The cookies of one login, held in memory only and sent to one host only.
struct LoginCookies: Sendable {
    private static let limit = 32
    private var values: [(name: String, value: String)] = []

    /// Takes the `Set-Cookie` headers of an answer; what is malformed, too long or too much is left out.
    mutating func take(_ headers: [String]) {
        for header in headers {
            let pair = header.prefix { $0 != ";" }
            guard pair.utf8.count <= 4_096, let equals = pair.firstIndex(of: "=") else { continue }
            let name = Self.trimmed(pair[..<equals])
            let value = Self.trimmed(pair[pair.index(after: equals)...])
            let isPlain = (name + value).utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            guard !name.isEmpty, isPlain else { continue }
            values.removeAll { $0.name == name }
            if !value.isEmpty, values.count < Self.limit { values.append((name, value)) }
        }
    }

    /// The `Cookie` header; nil without cookies.
    var header: String? {
        values.isEmpty ? nil : values.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " || $0 == "\t" }
        return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
