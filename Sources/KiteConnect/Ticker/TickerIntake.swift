import JSON
import NIOCore
import Synchronization

/// Takes frames off one connection and sorts them into the shared streams; called by the reading task only.
final class TickerIntake: Sendable {
    private struct Seen {
        var lastFrame: Duration?
        var lastTick: Duration?
        var reports = 0
    }

    /// Most unreadable messages that one connection reports, so that noise does not push other events out.
    private static let reportLimit = 16

    private let number: Int
    private let hub: TickerHub
    private let seen = Mutex(Seen())

    init(number: Int, hub: TickerHub) {
        self.number = number
        self.hub = hub
    }

    /// When the last frame came, or the connection was made; nil before the first connection.
    var lastFrameAt: Duration? { seen.withLock { $0.lastFrame } }

    /// When the last tick came on this connection, or the connection was made.
    var lastTickAt: Duration? { seen.withLock { $0.lastTick } }

    func connectionWasMade(at time: Duration) {
        seen.withLock { $0 = Seen(lastFrame: time, lastTick: time) }
    }

    func take(_ frame: TickerFrame, at time: Duration) {
        switch frame {
        case .binary(let bytes):
            let summary = bytes.withUnsafeReadableBytes { hub.mailbox.deliver($0, at: time) }
            seen.withLock {
                $0.lastFrame = time
                if summary.ticks > 0 { $0.lastTick = time }
            }
            if let defect = summary.defect { complain(.malformed(defect)) }
        case .text(let text):
            seen.withLock { $0.lastFrame = time }
            take(text)
        }
    }

    private func take(_ text: String) {
        do throws(KiteError) {
            switch try TickerText(text) {
            case .order(let update): if hub.journal.take(update, from: number) { hub.requestBook() }
            case .unreadableOrder(let error):
                complain(.unreadable(error))
                hub.requestBook()
            case .error(let sentence): hub.report(.serverError(sentence), from: number)
            case .message(let sentence): hub.report(.message(sentence), from: number)
            }
        } catch {
            complain(.unreadable(error))
        }
    }

    private func complain(_ event: KiteTickerEvent) {
        let isHeard = seen.withLock { seen in
            seen.reports += 1
            return seen.reports <= Self.reportLimit
        }
        if isHeard { hub.report(event, from: number) }
    }
}

/// A text frame.
enum TickerText: Sendable {
    case order(KiteOrderUpdate)
    case unreadableOrder(KiteError)
    case error(String)
    case message(String)

    init(_ text: String) throws(KiteError) {
        guard let json = try? JSONValue(parsing: text), let object = json.object else {
            throw .unreadable("a text message is not a JSON object")
        }
        let data = object["data"] ?? .null
        switch object["type"]?.string {
        case "order": self = Self.order(data)
        case "error": self = .error(Self.sentence(data))
        case "message": self = .message(Self.sentence(data))
        case let type:
            throw .unreadable("a text message has the unknown type \(KiteError.bounded(type ?? "none", limit: 40))")
        }
    }

    private static func order(_ data: JSONValue) -> TickerText {
        do throws(KiteError) {
            return .order(try KiteOrderUpdate(json: data))
        } catch {
            return .unreadableOrder(error)
        }
    }

    private static func sentence(_ data: JSONValue) -> String {
        if let text = data.string { return KiteError.bounded(text) }
        var writer = JSONWriter()
        writer.value(data)
        return KiteError.bounded(writer.text)
    }
}
