/// Who calls: limits are kept for API keys and for client accounts.
struct PaceScope: Sendable, Hashable {
    /// Address and API key.
    var key: String
    /// Address and client account.
    var account: String
}

/// A call that asks to leave.
struct PaceRequest: Sendable, Hashable {
    let scope: PaceScope
    let pacing: Pacing

    /// A line in which calls wait in the order in which they came.
    enum Line: Sendable, Hashable {
        case quotes(key: String)
        case candles(key: String)
        case others(key: String)
        case placements(account: String)
        case changes(account: String)
    }

    /// Something that is counted.
    enum Limit: Sendable, Hashable {
        case quotes(key: String)
        case candles(key: String)
        case others(key: String)
        case orderSecond(account: String)
        case orderMinute(account: String)
    }

    var line: Line {
        switch pacing {
        case .quote: .quotes(key: scope.key)
        case .candles: .candles(key: scope.key)
        case .placement: .placements(account: scope.account)
        case .modification, .cancellation: .changes(account: scope.account)
        case .other: .others(key: scope.key)
        }
    }

    /// Changes count as orders and as other calls: Kite does not say which, and both must hold.
    var limits: [Limit] {
        switch pacing {
        case .quote: [.quotes(key: scope.key)]
        case .candles: [.candles(key: scope.key)]
        case .placement: [.orderSecond(account: scope.account), .orderMinute(account: scope.account)]
        case .modification, .cancellation: [.others(key: scope.key), .orderSecond(account: scope.account)]
        case .other: [.others(key: scope.key)]
        }
    }
}

/// Why a call may not leave.
enum PaceRefusal: Error, Sendable, Hashable {
    /// Its turn would come, or has come, later than it may wait.
    case tooLate
    /// As many calls wait as may wait.
    case queueFull
    /// The day's number of orders is used up.
    case dayExhausted
    /// The order was changed as often as Kite allows.
    case changesExhausted
}
