/// How long a session lasts: from its login to the next six in the morning, Indian time.
///
/// A value: it looks at no clock. Source: Kite Connect v3, user: an access token ends at 06:00 the next day; users see
/// calls begin to fail from 05:20 on, and some only at 07:30.
public struct KiteSessionLife: Sendable, Hashable {
    /// Where a session stands.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Good for all calls.
        case fresh
        /// Close to its end: calls may fail already.
        case expiring
        /// Over; a call with its token would be refused.
        case expired
    }

    /// Seconds of an Indian day at which sessions end: 06:00.
    public static let endSecondOfDay = 6 * 3_600
    /// How long before the end calls have been seen to fail, in seconds: from 05:20 on.
    public static let uncertainSeconds: Int64 = 40 * 60

    /// When the user signed in.
    public let loginTime: KiteTime
    /// The first 06:00 Indian time after the login.
    public let expiry: KiteTime

    /// A session that began at a login.
    public init(loginTime: KiteTime) {
        self.loginTime = loginTime
        let today = KiteTime(date: loginTime.date, secondsOfDay: Self.endSecondOfDay)
        expiry = loginTime < today ? today : KiteTime(unixSeconds: today.unixSeconds + 86_400)
    }

    /// Where the session stands at a moment.
    public func state(at now: KiteTime) -> State {
        if now >= expiry { return .expired }
        return now.unixSeconds >= expiry.unixSeconds - Self.uncertainSeconds ? .expiring : .fresh
    }

    /// When to sign in anew: a little after the end, spread so that many accounts do not come at once.
    ///
    /// - Parameters:
    ///   - delay: seconds from the end to the first possible moment.
    ///   - spread: seconds over which the moments are spread.
    ///   - chance: a number from 0 to below 1.
    public func renewal(delay: Int64 = 60, spread: Int64 = 120, chance: Double) -> KiteTime {
        let share = Int64(Double(spread) * min(max(chance, 0), 1))
        return KiteTime(unixSeconds: expiry.unixSeconds + delay + share)
    }
}

extension KiteSession {
    /// How long the session lasts; nil where Kite did not say when it began.
    public var life: KiteSessionLife? { loginTime.map(KiteSessionLife.init) }
}
