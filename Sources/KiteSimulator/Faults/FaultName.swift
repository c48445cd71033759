/// What faults are called where people write them.
enum FaultName: String, CaseIterable {
    case dropResponse = "drop-response"
    case dropRequest = "drop-request"
    case hangResponse = "hang-response"
    case hangRequest = "hang-request"
    case status
    case page
    case delay
    case delayResponse = "delay-response"
    case truncate
    case cut
    case empty
    case bare
    case falseRefusal = "false-refusal"
    case outage
    case hideOrders = "hide-orders"
    case staleBook = "stale-book"
    case loseUpdate = "lose-update"
    case duplicateUpdate = "duplicate-update"
    case reorderUpdate = "reorder-update"
    case delayUpdate = "delay-update"
    case silentTicker = "silent-ticker"
    case garbageTicker = "garbage-ticker"
    case closeTicker = "close-ticker"
    case killTicker = "kill-ticker"
    case clockSkew = "clock-skew"

    var takesValue: Bool {
        switch self {
        case .status, .page, .delay, .delayResponse, .falseRefusal, .hideOrders, .staleBook, .delayUpdate,
            .garbageTicker, .clockSkew:
            true
        default: false
        }
    }

    /// Whether it can be said if the request has its effect.
    var takesMoment: Bool { self == .status || self == .page || self == .empty }

    var defaultMoment: Faults.Moment {
        switch self {
        case .dropRequest, .hangRequest, .status, .page: .beforeEffect
        default: .afterEffect
        }
    }
}

extension Faults.Fault {
    var name: FaultName {
        switch self {
        case .stopAnswering(let moment): moment == .afterEffect ? .hangResponse : .hangRequest
        case .dropConnection(let moment): moment == .afterEffect ? .dropResponse : .dropRequest
        case .status: .status
        case .page: .page
        case .delay: .delay
        case .delayAnswer: .delayResponse
        case .truncateAnswer: .truncate
        case .cutAnswer: .cut
        case .emptyAnswer: .empty
        case .bareAnswer: .bare
        case .falseRefusal: .falseRefusal
        case .outage: .outage
        case .hideOrders: .hideOrders
        case .staleBook: .staleBook
        case .loseUpdate: .loseUpdate
        case .duplicateUpdate: .duplicateUpdate
        case .reorderUpdate: .reorderUpdate
        case .delayUpdate: .delayUpdate
        case .silentTicker: .silentTicker
        case .garbageFrame: .garbageTicker
        case .closeTicker: .closeTicker
        case .killTicker: .killTicker
        case .clockSkew: .clockSkew
        }
    }

    /// The name with the value, as people write it.
    var specText: String {
        switch self {
        case .status(let status, _), .page(let status, _): "\(name.rawValue)=\(status)"
        case .delay(let span), .delayAnswer(let span), .hideOrders(let span), .staleBook(let span),
            .delayUpdate(let span), .clockSkew(let span):
            "\(name.rawValue)=\(span.specText)"
        case .falseRefusal(let kind): "\(name.rawValue)=\(kind.rawValue)"
        case .garbageFrame(let kind?): "\(name.rawValue)=\(kind.rawValue)"
        default: name.rawValue
        }
    }

    /// The moment where it is not the one that goes without saying.
    var statedMoment: Faults.Moment? {
        switch self {
        case .status(_, let moment), .page(_, let moment), .emptyAnswer(let moment):
            moment == name.defaultMoment ? nil : moment
        default: nil
        }
    }
}

extension Faults.Scope {
    /// Reads a scope as people write it; nil where it is none.
    init?(spec: String) {
        switch spec {
        case "everything": self = .everything
        case "placing": self = .placing
        case "order-changes": self = .orderChanges
        case "ticker": self = .ticker
        case "postbacks": self = .postbacks
        default:
            if spec.hasPrefix("/") {
                self = .path(spec)
            } else if spec.hasPrefix("ticker/"), let number = UInt64(spec.dropFirst(7)), number > 0 {
                self = .connection(number)
            } else {
                return nil
            }
        }
    }

    /// The scope as people write it.
    package var specText: String {
        switch self {
        case .everything: "everything"
        case .placing: "placing"
        case .orderChanges: "order-changes"
        case .path(let prefix): prefix
        case .ticker: "ticker"
        case .connection(let number): "ticker/\(number)"
        case .postbacks: "postbacks"
        }
    }
}

extension Duration {
    /// Reads a number with `ms`, `s` or `m`, seconds where nothing is said; up to a year either way.
    init?(spec: String) {
        var text = Substring(spec)
        var scale = 1.0
        for (unit, factor) in [("ms", 0.001), ("s", 1), ("m", 60)] where text.hasSuffix(unit) {
            text.removeLast(unit.count)
            scale = factor
            break
        }
        guard let number = Double(text), (number * scale).magnitude <= 366 * 86_400 else { return nil }
        self = .microseconds(Int64((number * scale * 1_000_000).rounded()))
    }

    /// Seconds or, where it is not a whole number of them, milliseconds.
    var specText: String {
        let microseconds = components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
        if microseconds % 1_000_000 == 0 { return "\(microseconds / 1_000_000)s" }
        if microseconds % 1_000 == 0 { return "\(microseconds / 1_000)ms" }
        return "\(Double(microseconds) / 1_000)ms"
    }
}
