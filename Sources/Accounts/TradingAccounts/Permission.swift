import Trading

/// One thing that may be done with a trading account.
package enum Permission: String, Sendable, Hashable, CaseIterable {
    /// See orders, positions and funds.
    case view
    /// Place, change and cancel orders.
    case trade
    /// Rename, share, unlink and change credentials.
    case manage
}

extension Set<Permission> {
    /// What an owner always has.
    package static var all: Set<Permission> { Set(Permission.allCases) }
}

/// The right of somebody who is not the owner.
package struct Membership: Sendable, Hashable {
    /// The account that is shared.
    package let account: TradingAccountID
    /// With whom.
    package let user: UserID
    /// What he may do, exactly; `trade` does not include `view`.
    package let permissions: Set<Permission>
    /// Who gave him the right.
    package let grantedBy: UserID
    /// Since when.
    package let grantedTime: Timestamp

    /// Puts a right together.
    package init(
        account: TradingAccountID, user: UserID, permissions: Set<Permission>, grantedBy: UserID,
        grantedTime: Timestamp
    ) {
        self.account = account
        self.user = user
        self.permissions = permissions
        self.grantedBy = grantedBy
        self.grantedTime = grantedTime
    }
}

/// A trading account as one user sees it.
package struct AccessibleAccount: Sendable, Hashable {
    /// The account.
    package let account: TradingAccount
    /// What this user may do with it.
    package let permissions: Set<Permission>
    /// Whether it is this user's own.
    package let isOwned: Bool

    /// Puts a view together.
    package init(account: TradingAccount, permissions: Set<Permission>, isOwned: Bool) {
        self.account = account
        self.permissions = permissions
        self.isOwned = isOwned
    }
}
