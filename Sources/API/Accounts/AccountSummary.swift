import Accounts
import Brokers
import Gateway
import JSON
import Trading

/// What an account's positions add up to; nil where a price that matters is unknown.
struct ProfitTotals: Sendable, Hashable {
    private(set) var total: Money? = .zero
    private(set) var day: Money? = .zero

    init(_ positions: [Position]) {
        for position in positions {
            total = Self.sum(total, position.profit)
            day = Self.sum(day, position.markToMarket)
        }
    }

    private static func sum(_ left: Money?, _ right: Money?) -> Money? {
        guard let left, let right else { return nil }
        return left + right
    }
}

/// An account in figures; nil is what nobody knows yet.
struct AccountSummary: Sendable {
    var totals: ProfitTotals?
    var positionCount: Int?
    var availableMargin: Money?
    var sessionState = "elsewhere"

    /// Asks an account's session; where it is not ready the figures stay unknown, and the broker is not asked.
    static func read(_ account: TradingAccountID, _ gate: AccountGate) async -> AccountSummary {
        var summary = AccountSummary()
        guard let session = gate.desk.session(of: account) else {
            if await gate.logins?.standing(of: account)?.state == .signedOut { summary.sessionState = "signed_out" }
            return summary
        }
        switch await session.state.readiness {
        case .starting: summary.sessionState = "starting"
        case .signedOut: summary.sessionState = "signed_out"
        case .stopped: summary.sessionState = "stopped"
        case .ready:
            summary.sessionState = "ready"
            if let book = try? await session.positions() {
                summary.totals = ProfitTotals(book.value.net)
                summary.positionCount = book.value.net.count
            }
            summary.availableMargin = try? await session.margins().value[.equity]?.net
        }
        return summary
    }
}

extension JSONWriter {
    /// An account's members; the caller opens and closes the object.
    mutating func account(_ seen: AccessibleAccount, _ summary: AccountSummary) {
        let account = seen.account
        key("account_id")
        value(account.brokerUserID)
        key("user_id")
        value(account.owner.description)
        key("broker")
        value(account.broker == .kite ? "zerodha" : account.broker.rawValue)
        key("status")
        value(account.status.rawValue)
        key("total_pnl")
        money(summary.totals?.total)
        key("day_pnl")
        money(summary.totals?.day)
        key("position_count")
        if let count = summary.positionCount { value(count) } else { null() }
        key("available_margin")
        money(summary.availableMargin)
        key("trading_account_id")
        value(account.id.rawValue)
        key("account_name")
        value(account.name)
        key("is_owner")
        value(seen.isOwned)
        key("permissions")
        beginArray()
        for permission in Permission.allCases where seen.permissions.contains(permission) {
            value(permission.rawValue)
        }
        endArray()
        key("session_state")
        value(summary.sessionState)
    }
}
