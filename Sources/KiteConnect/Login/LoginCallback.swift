/// What a request to the login listener means. Pure.
enum LoginCallback: Hashable {
    /// The broker sent the browser back with a request token.
    case token(String)
    /// The broker sent the browser back without success.
    case declined
    /// Somebody else's state, or none.
    case wrongState
    /// Another path, as browsers ask for their icons.
    case elsewhere
    /// The right path with another method than GET.
    case wrongMethod
    /// The right path and state, but not one token that can be one.
    case malformed

    /// The longest address that is looked at, in bytes.
    static let addressLimit = 8_192

    /// Reads a request's first line.
    static func read(method: String, target: String, path: String, state: String) -> LoginCallback {
        guard target.utf8.count <= addressLimit, target.prefix(while: { $0 != "?" }) == path else { return .elsewhere }
        guard method == "GET" else { return .wrongMethod }
        guard let query = QueryText.query(of: target) else { return .wrongState }
        guard let pairs = QueryText.pairs(query) else { return .malformed }
        guard let given = QueryText.only("state", in: pairs), isSame(given, state) else { return .wrongState }
        guard QueryText.only("status", in: pairs) == "success" else { return .declined }
        guard let token = QueryText.only("request_token", in: pairs), isToken(token) else { return .malformed }
        return .token(token)
    }

    /// Whether text can be a request token: 1 to 256 visible ASCII characters.
    static func isToken(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    /// Compares in a time that tells nothing but the lengths.
    static func isSame(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        return zip(left.utf8, right.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// The status and the sentence that the browser is shown.
    var answer: (status: Int, sentence: String) {
        switch self {
        case .token: (200, "You are signed in. You can close this window.")
        case .declined: (200, "The sign-in was not completed. You can close this window and start again.")
        case .wrongState: (400, "This is not the answer to the sign-in that is waiting here.")
        case .elsewhere: (404, "There is nothing here.")
        case .wrongMethod: (405, "This address only takes GET.")
        case .malformed: (400, "The address carries no request token that can be read.")
        }
    }
}
