/// Where an order stands. Source: FIX tag 39, with the states that only a gateway knows.
package enum OrderStatus: String, Sendable, Hashable, CaseIterable {
    /// The intent is durable; the broker has not answered yet.
    case pending
    /// The broker may or may not have it; being looked up.
    case unknown
    /// The broker has it; the exchange has not confirmed it yet.
    case acknowledged
    /// A stop order that waits for its trigger.
    case triggerPending
    /// In the book, perhaps partly filled.
    case working
    /// All units traded.
    case filled
    /// Taken out of the book by a person, the exchange or the end of its validity.
    case cancelled
    /// The venue refused it.
    case rejected
    /// We refused it; it never left.
    case denied
    /// It certainly never reached the broker.
    case notSent

    /// Whether nothing more can happen to it.
    package var isTerminal: Bool {
        switch self {
        case .filled, .cancelled, .rejected, .denied, .notSent: true
        case .pending, .unknown, .acknowledged, .triggerPending, .working: false
        }
    }

    /// Whether it can be cancelled or changed at the venue.
    package var isOpen: Bool {
        switch self {
        case .acknowledged, .triggerPending, .working: true
        case .pending, .unknown, .filled, .cancelled, .rejected, .denied, .notSent: false
        }
    }

    /// Whether a venue can report it; the others are conclusions of a gateway.
    var isVenueState: Bool {
        switch self {
        case .acknowledged, .triggerPending, .working, .filled, .cancelled, .rejected: true
        case .pending, .unknown, .denied, .notSent: false
        }
    }

    /// Whether it waits at the exchange; a change of its type can lead from either such state to the other.
    var isAtExchange: Bool { self == .triggerPending || self == .working }

    /// How far along the life of an order the state lies; later states never give way to earlier ones.
    var rank: Int {
        switch self {
        case .pending: 0
        case .unknown: 1
        case .acknowledged: 2
        case .triggerPending: 3
        case .working: 4
        case .filled, .cancelled, .rejected, .denied, .notSent: 5
        }
    }
}
