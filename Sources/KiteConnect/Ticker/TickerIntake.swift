import JSON
import NIOCore
import Synchronization

/// Takes frames off a connection and sorts them into the ticker's streams; called by the reading task only.
final class TickerIntake: Sendable {
    let mailbox = TickMailbox()
    let orderUpdates: AsyncStream<KiteOrderUpdate>
    let events: AsyncStream<KiteTickerEvent>
    private let orderContinuation: AsyncStream<KiteOrderUpdate>.Continuation
    private let eventContinuation: AsyncStream<KiteTickerEvent>.Continuation
    private let lastFrame = Mutex<Duration?>(nil)

    init() {
        (orderUpdates, orderContinuation) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
        (events, eventContinuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(256))
    }

    /// When the last frame came, or the connection was made; nil before the first connection.
    var lastFrameAt: Duration? { lastFrame.withLock { $0 } }

    func touch(_ time: Duration) {
        lastFrame.withLock { $0 = time }
    }

    func take(_ frame: TickerFrame, at time: Duration) {
        touch(time)
        switch frame {
        case .binary(let bytes):
            let summary = bytes.withUnsafeReadableBytes { mailbox.deliver($0, at: time) }
            if summary.isTruncated { report(.unreadable(.unreadable("a binary message is shorter than it says"))) }
        case .text(let text): take(text)
        }
    }

    func report(_ event: KiteTickerEvent) {
        eventContinuation.yield(event)
    }

    func finish() {
        mailbox.finish()
        orderContinuation.finish()
        eventContinuation.finish()
    }

    private func take(_ text: String) {
        do throws(KiteError) {
            switch try TickerText(text) {
            case .order(let update): orderContinuation.yield(update)
            case .error(let sentence): report(.serverError(sentence))
            case .message(let sentence): report(.message(sentence))
            }
        } catch {
            report(.unreadable(error))
        }
    }
}

/// A text frame.
enum TickerText: Sendable {
    case order(KiteOrderUpdate)
    case error(String)
    case message(String)

    init(_ text: String) throws(KiteError) {
        guard let json = try? JSONValue(parsing: text), let object = json.object else {
            throw .unreadable("a text message is not a JSON object")
        }
        let data = object["data"] ?? .null
        switch object["type"]?.string {
        case "order": self = .order(try KiteOrderUpdate(json: data))
        case "error": self = .error(Self.sentence(data))
        case "message": self = .message(Self.sentence(data))
        case let type:
            throw .unreadable("a text message has the unknown type \(KiteError.bounded(type ?? "none", limit: 40))")
        }
    }

    private static func sentence(_ data: JSONValue) -> String {
        if let text = data.string { return KiteError.bounded(text) }
        var writer = JSONWriter()
        writer.value(data)
        return KiteError.bounded(writer.text)
    }
}
