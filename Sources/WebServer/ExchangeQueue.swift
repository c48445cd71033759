import NIOCore
import NIOHTTP1

/// One request and its response, as far as the connection's life depends on them.
struct Exchange: Equatable {
    let isHead: Bool
    let isHTTP10: Bool
    /// Whether the client wants the connection to outlive the response.
    let keepsAlive: Bool
    /// Whether the request makes NIO's decoder stop behind it: `Upgrade` with `Connection: upgrade`, or CONNECT.
    let asksUpgrade: Bool
    /// Whether the whole request has arrived.
    var isReceived = false
    /// Whether a final response has begun.
    var isAnswered = false
    /// Whether the connection ends with the response.
    var closes = false

    init(_ head: HTTPRequestHead) {
        isHead = head.method == .HEAD
        isHTTP10 = head.version == .http1_0
        keepsAlive = head.isKeepAlive
        let wantsUpgrade =
            head.headers.contains(name: "upgrade")
            && head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
        asksUpgrade = wantsUpgrade || head.method == .CONNECT
    }
}

/// The requests of a connection that are not answered yet, oldest first; pipelining makes it more than one.
struct ExchangeQueue {
    private var exchanges = CircularBuffer<Exchange>(initialCapacity: 2)
    /// Whether a further request may begin; never again after one that ends the connection.
    var acceptsRequests = true

    var first: Exchange? { exchanges.first }
    var isEmpty: Bool { exchanges.isEmpty }
    /// Whether part of a request has arrived and the rest has not.
    var isReceiving: Bool { exchanges.last.map { !$0.isReceived } ?? false }
    /// Whether the last request asked for another protocol and has no answer yet.
    var awaitsUpgradeDecision: Bool { exchanges.last.map { $0.isReceived && $0.asksUpgrade } ?? false }

    mutating func begin(_ head: HTTPRequestHead) {
        let exchange = Exchange(head)
        if !exchange.keepsAlive { acceptsRequests = false }
        exchanges.append(exchange)
    }

    mutating func received() {
        guard !exchanges.isEmpty else { return }
        exchanges[exchanges.index(before: exchanges.endIndex)].isReceived = true
    }

    mutating func answering(closes: Bool) {
        guard !exchanges.isEmpty else { return }
        exchanges[exchanges.startIndex].isAnswered = true
        exchanges[exchanges.startIndex].closes = closes
    }

    mutating func finishFirst() -> Exchange? { exchanges.popFirst() }

    /// Forgets a request that will never be whole; false when its response has begun and has to go on.
    mutating func dropUnreceived() -> Bool {
        guard isReceiving, let last = exchanges.last else { return true }
        if last.isAnswered { return false }
        exchanges.removeLast()
        return true
    }
}
