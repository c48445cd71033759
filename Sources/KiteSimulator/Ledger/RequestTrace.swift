import HTTPTypes
import Synchronization

/// A request that may change something at the venue, known to all that is done on its behalf.
final class RequestTrace: Sendable {
    /// The request whose task this is; nil for what the venue does by itself.
    @TaskLocal static var current: RequestTrace?

    let method: HTTPRequest.Method
    let path: String
    /// The app that the request names; not proven before the session is.
    let apiKey: String?
    private let entries = Mutex<[Int]>([])

    init(method: HTTPRequest.Method, path: String, authorization: String?) {
        self.method = method
        self.path = path
        apiKey = authorization.flatMap { text in
            guard text.hasPrefix("token "), let colon = text.firstIndex(of: ":") else { return nil }
            return String(text[..<colon].dropFirst(6))
        }
    }

    /// Remembers an entry of the ledger that the request brought about.
    func add(entry number: Int) {
        entries.withLock { $0.append(number) }
    }

    /// The entries that the request brought about.
    var entryNumbers: [Int] { entries.withLock { $0 } }
}
