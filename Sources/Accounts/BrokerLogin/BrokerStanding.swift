import Trading

/// How a trading account stands with its broker's login; holds no secret.
package struct BrokerStanding: Sendable, Hashable {
    /// Where the login stands.
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// The broker takes calls.
        case signedIn = "signed_in"
        /// It does, but the end is so near that calls have been seen to fail.
        case expiring
        /// A login is on its way.
        case signingIn = "signing_in"
        /// The broker takes no call; `reason` says why, `nextSignIn` when that changes without a person.
        case signedOut = "signed_out"
    }

    /// Where the login stands.
    package var state: State
    /// When the broker's day ends; nil without a session.
    package var validUntil: Timestamp?
    /// Why there is no session, in a sentence.
    package var reason: String?
    /// When we sign in again by ourselves; nil where a person has to.
    package var nextSignIn: Timestamp?
    /// Whether the account signs in without a person.
    package var isUnattended: Bool

    /// Puts a standing together.
    package init(
        _ state: State, validUntil: Timestamp? = nil, reason: String? = nil, nextSignIn: Timestamp? = nil,
        isUnattended: Bool
    ) {
        self.state = state
        self.validUntil = validUntil
        self.reason = reason
        self.nextSignIn = nextSignIn
        self.isUnattended = isUnattended
    }
}

/// A login that waits for a person at the broker's page.
package struct LoginInvitation: Sendable, Hashable {
    /// The page to open.
    package let url: String
    /// The secret word that the way back has to carry.
    package let state: String
    /// Until when it is waited for.
    package let expiry: Timestamp

    /// Puts an invitation together.
    package init(url: String, state: String, expiry: Timestamp) {
        self.url = url
        self.state = state
        self.expiry = expiry
    }
}

/// What the broker's redirect carried.
package struct LoginReturn: Sendable {
    package let state: String
    package let status: String
    package let requestToken: Secret

    /// Puts a return together.
    package init(state: String, status: String, requestToken: Secret) {
        self.state = state
        self.status = status
        self.requestToken = requestToken
    }
}

/// Why a login at a broker did not come about.
package enum BrokerLoginError: Error, Sendable, Hashable {
    /// Nobody waits for this state: it was never given, was used, or is too old.
    case unknownState
    /// The person may no longer change this account.
    case notAllowed
    /// The broker came back without success.
    case declined
    /// Somebody else signed in than the account belongs to.
    case otherUser(String)
    /// The broker refused; its sentence.
    case refused(String)
    /// The broker could not be reached; its sentence.
    case unreachable(String)
    /// The account has no such login, or lacks its key.
    case unsupported(String)
    /// Stored things could not be read or kept.
    case unavailable
}

/// Signs trading accounts in at their brokers; whoever serves people calls it.
package protocol BrokerLogins: Sendable {
    /// How an account stands; nil where this process does not look after it.
    func standing(of account: TradingAccountID) async -> BrokerStanding?
    /// Begins a login for a person who may manage the account.
    func begin(_ account: TradingAccount, by user: UserID) async throws(BrokerLoginError) -> LoginInvitation
    /// Ends it with what the broker sent back; a state is good for one try.
    func finish(_ answer: LoginReturn) async throws(BrokerLoginError) -> TradingAccount
}
