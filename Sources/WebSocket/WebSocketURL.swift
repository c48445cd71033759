/// The parts of a `ws` or `wss` address (RFC 6455, section 3).
struct WebSocketURL: Equatable {
    let isSecure: Bool
    /// Without the brackets of an IPv6 address.
    let host: String
    let port: Int
    /// Path and query as the request line carries them.
    let target: String

    init(_ text: String) throws(WebSocketConnectError) {
        guard let schemeEnd = text.firstRange(of: "://") else {
            throw .invalidURL("it has no scheme")
        }
        switch text[..<schemeEnd.lowerBound].lowercased() {
        case "ws": isSecure = false
        case "wss": isSecure = true
        default: throw .invalidURL("the scheme is neither ws nor wss")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .invalidURL("it holds spaces, control characters or letters outside ASCII")
        }
        let rest = text[schemeEnd.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let target = rest[authority.endIndex...]
        self.target = target.hasPrefix("/") ? String(target) : "/" + target
        guard !authority.contains("@") else { throw .invalidURL("it holds a user name") }
        let defaultPort = isSecure ? 443 : 80
        let (host, portText) = try Self.split(authority)
        guard !host.isEmpty else { throw .invalidURL("it has no host") }
        self.host = String(host)
        guard let portText else {
            port = defaultPort
            return
        }
        guard let port = Int(portText), (1...65535).contains(port) else {
            throw .invalidURL("the port is not a number from 1 to 65535")
        }
        self.port = port
    }

    private static func split(_ authority: Substring) throws(WebSocketConnectError) -> (Substring, Substring?) {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw .invalidURL("a bracket is not closed") }
            let host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            return (host, rest.hasPrefix(":") ? rest.dropFirst() : nil)
        }
        guard let colon = authority.lastIndex(of: ":") else { return (authority, nil) }
        return (authority[..<colon], authority[authority.index(after: colon)...])
    }

    /// The `Host` header: the port is left out where it is the scheme's own.
    var hostHeader: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }
}
