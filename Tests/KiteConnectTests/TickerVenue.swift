import JSON
import NIOCore
import Synchronization

@testable import KiteConnect

/// What a server would have been told to send over one connection.
struct TickerView: Sendable, Hashable {
    private(set) var modes: [UInt32: KiteTickerMode] = [:]
    /// Instruments whose mode was stated more than once without a change.
    private(set) var repeated = 0

    /// Takes a client's message as the specification describes it: a bare subscription is in quote mode.
    mutating func take(_ text: String) throws {
        let object = try JSONValue(parsing: text).object
        let values = object?["v"]?.array ?? []
        switch object?["a"]?.string {
        case "subscribe":
            for token in values.compactMap(Self.token) { modes[token] = .quote }
        case "unsubscribe":
            for token in values.compactMap(Self.token) { modes[token] = nil }
        case "mode":
            guard let word = values.first?.string, let mode = KiteTickerMode(rawValue: word) else { return }
            for token in (values.last?.array ?? []).compactMap(Self.token) where modes[token] != nil {
                if modes[token] == mode, mode != .quote { repeated += 1 }
                modes[token] = mode
            }
        default: throw KiteError.unreadable("the client sent \(text)")
        }
    }

    private static func token(_ json: JSONValue) -> UInt32? { json.number?.int.flatMap { UInt32(exactly: $0) } }
}

/// A link that keeps account of what it was told.
final class VenueLink: TickerLink {
    private struct State {
        var view = TickerView()
        var sent: [String] = []
        var isOpen = true
    }

    let url: String
    private let state = Mutex(State())
    private let frames: AsyncStream<TickerFrame>
    private let continuation: AsyncStream<TickerFrame>.Continuation

    init(url: String) {
        self.url = url
        (frames, continuation) = AsyncStream.makeStream()
    }

    var view: TickerView { state.withLock { $0.view } }
    var sent: [String] { state.withLock { $0.sent } }
    var isOpen: Bool { state.withLock { $0.isOpen } }

    func push(_ text: String) { continuation.yield(.text(text)) }

    func push(_ bytes: [UInt8]) { continuation.yield(.binary(ByteBuffer(bytes: bytes))) }

    func next() async -> TickerFrame? {
        var iterator = frames.makeAsyncIterator()
        return await iterator.next()
    }

    func send(_ text: String) async throws {
        try state.withLock { state in
            guard state.isOpen else { throw KiteError.unreadable("closed") }
            state.sent.append(text)
            try state.view.take(text)
        }
    }

    var closure: (code: UInt16, reason: String) { (1006, "") }

    func close() {
        state.withLock { $0.isOpen = false }
        continuation.finish()
    }
}

/// Opens as many links as are asked for, and fails as often as told.
final class TickerVenue: TickerTransport {
    private struct State {
        var links: [VenueLink] = []
        var failures = 0
    }

    private let state = Mutex(State())

    /// All links, in the order in which they were opened.
    var links: [VenueLink] { state.withLock { $0.links } }
    var open: [VenueLink] { links.filter(\.isOpen) }

    func fail(times: Int) { state.withLock { $0.failures += times } }

    func connect(_ endpoint: TickerEndpoint) async throws(TickerConnectFault) -> any TickerLink {
        let link = state.withLock { state -> VenueLink? in
            if state.failures > 0 {
                state.failures -= 1
                return nil
            }
            let link = VenueLink(url: endpoint.url)
            state.links.append(link)
            return link
        }
        guard let link else { throw TickerConnectFault(loss: .connectFailed("refused")) }
        return link
    }
}

/// Orders as Kite writes them.
enum OrderFixture {
    struct State: Sendable, Hashable {
        var id = "1"
        var status = "OPEN"
        var filled = 0
        var price = 100.0
        /// Seconds after nine; nil for an order that the exchange has not seen.
        var second: Int? = 0
    }

    static func json(_ state: State) -> String {
        let time = state.second.map { "\"2026-11-20 09:\(two($0 / 60)):\(two($0 % 60))\"" } ?? "null"
        return """
            {"order_id":"\(state.id)","status":"\(state.status)","exchange":"NSE","tradingsymbol":"INFY",\
            "transaction_type":"BUY","quantity":1000,"filled_quantity":\(state.filled),"price":\(state.price),\
            "instrument_token":408065,"exchange_update_timestamp":\(time),"user_id":"AB1234"}
            """
    }

    static func order(_ state: State) throws -> KiteOrder { try KiteOrder(json: JSONValue(parsing: json(state))) }

    static func message(_ state: State) -> String { #"{"type":"order","data":\#(json(state))}"# }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// A generator that gives the same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

enum ByteBufferFixture {
    static let heartbeat = ByteBuffer(bytes: [0])
}
