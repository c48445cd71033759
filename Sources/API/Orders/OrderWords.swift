import Trading

extension OrderStatus {
    /// The state in the API's words, which are Kite's where Kite has one.
    var word: String {
        switch self {
        case .pending: "PENDING"
        case .unknown: "UNKNOWN"
        case .acknowledged: "OPEN PENDING"
        case .triggerPending: "TRIGGER PENDING"
        case .working: "OPEN"
        case .filled: "COMPLETE"
        case .cancelled: "CANCELLED"
        case .rejected: "REJECTED"
        case .denied: "DENIED"
        case .notSent: "NOT_SENT"
        }
    }
}

extension TimeInForce {
    /// The validity in the API's words.
    var word: String {
        switch self {
        case .day: "DAY"
        case .immediateOrCancel: "IOC"
        case .minutes: "TTL"
        }
    }
}

/// The validities that a request may name.
enum ValidityWord: String, CaseIterable {
    case day = "DAY"
    case immediateOrCancel = "IOC"

    var timeInForce: TimeInForce { self == .day ? .day : .immediateOrCancel }
}

/// Which orders a list shows.
enum OrderFilter: Sendable, Hashable {
    case all
    /// Every order at the venue that can still trade.
    case open
    case status(OrderStatus)

    /// Reads a state in the API's words; `OPEN` means every open order.
    init(_ text: String?) throws(Refusal) {
        guard let text else {
            self = .all
            return
        }
        let word = text.uppercased()
        guard let status = OrderStatus.allCases.first(where: { $0.word == word }) else {
            let words = OrderStatus.allCases.map(\.word).joined(separator: ", ")
            throw Refusal(.invalidParameter, "\"status\" must be one of \(words).")
        }
        self = status == .working ? .open : .status(status)
    }

    func shows(_ order: Order) -> Bool {
        switch self {
        case .all: true
        case .open: order.status.isOpen
        case .status(let status): order.status == status
        }
    }
}
