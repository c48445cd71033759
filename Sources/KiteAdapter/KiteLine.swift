import KiteConnect
import Synchronization

/// The client that an account's next call goes through; each call keeps the one it began with.
final class KiteLine: Sendable {
    private let current: Mutex<KiteClient>

    init(_ client: KiteClient) {
        current = Mutex(client)
    }

    var client: KiteClient { current.withLock { $0 } }

    func renew(accessToken: String) {
        current.withLock { $0 = $0.with(accessToken: accessToken) }
    }
}
