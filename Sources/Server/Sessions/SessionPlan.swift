import Accounts
import KiteConnect
import Trading

/// Decides what to do about one account's login at its broker. A value: it looks at no clock and does nothing itself.
struct SessionPlan: Sendable {
    /// How the account signs in.
    enum Method: Sendable, Hashable {
        /// A person opens the broker's page.
        case person
        /// With password and time codes, as its owner asked.
        case unattended
        /// At our own paper exchange, which hands out request tokens.
        case paper
    }

    /// What to do at a moment.
    enum Step: Sendable, Equatable {
        /// Work with this session.
        case run(BrokerSessionToken)
        /// Sign in now, without a person.
        case signIn
        /// Take no orders; sign in by ourselves at a moment.
        case wait(until: Timestamp, reason: String)
        /// Take no orders until a person has signed in.
        case askPerson(reason: String)
    }

    var method = Method.person
    /// The newest session that is known, from the vault or from a login of our own.
    private(set) var latest: BrokerSessionToken?
    /// A token that the broker has refused.
    private var dead: Secret?
    /// Where in the spread of renewals this session's falls, from 0 to below 1.
    private var chance = 0.0
    private var pacing = SignInPacing()

    /// Takes a session unless a newer one is known; tells whether it did.
    @discardableResult
    mutating func offer(_ session: BrokerSessionToken, chance: Double) -> Bool {
        if let latest, session == latest || session.loginTime < latest.loginTime { return false }
        latest = session
        self.chance = chance
        return true
    }

    /// Takes the broker's word that it no longer knows a token; news of an older one changes nothing.
    mutating func refuse(_ token: Secret) -> Bool {
        guard latest?.accessToken == token, dead != token else { return false }
        dead = token
        return true
    }

    /// Counts a login of our own that worked.
    mutating func signedIn(at now: Timestamp) { pacing.succeeded(at: now) }

    /// Counts a login of our own that failed.
    mutating func failed(_ error: KiteLoginError, at now: Timestamp) { pacing.failed(error, at: now) }

    /// Lifts the bar on logins of our own, since somebody changed what they need.
    mutating func credentialsChanged() { pacing.credentialsChanged() }

    /// What to do at a moment.
    func step(at now: Timestamp) -> Step {
        if let latest, latest.accessToken != dead, life(latest).state(at: now.kiteTime) != .expired {
            return .run(latest)
        }
        guard method != .person else {
            return .askPerson(reason: reason + " Sign in again at the broker's page.")
        }
        if let bar = pacing.bar { return .askPerson(reason: bar) }
        let moment = max(planned ?? pacing.notBefore, pacing.notBefore)
        return now >= moment ? .signIn : .wait(until: moment, reason: reason)
    }

    /// When the latest session ends; nil without one.
    var expiry: Timestamp? { latest.map { Timestamp(life($0).expiry) } }

    /// Where the latest session stands.
    func isExpiring(at now: Timestamp) -> Bool { latest.map { life($0).state(at: now.kiteTime) == .expiring } ?? false }

    /// The planned renewal of a session that came to its natural end.
    private var planned: Timestamp? {
        guard let latest, latest.accessToken != dead else { return nil }
        let life = life(latest)
        return Timestamp(
            method == .paper
                ? life.renewal(delay: 1, spread: 1, chance: chance) : life.renewal(chance: chance))
    }

    private var reason: String {
        guard let latest else { return "The account has not signed in at its broker yet." }
        if latest.accessToken == dead { return "The broker no longer takes this account's login." }
        return "The login at the broker ended at \(Timestamp(life(latest).expiry).indianText) Indian time."
    }

    private func life(_ session: BrokerSessionToken) -> KiteSessionLife {
        KiteSessionLife(loginTime: session.loginTime.kiteTime)
    }
}

/// Keeps logins of our own apart, and ends them where another would do harm.
struct SignInPacing: Sendable {
    /// The first and the longest time between two of them.
    static let gaps: (first: Duration, longest: Duration) = (.seconds(60), .seconds(1_800))
    /// A time without a login after which the gaps begin anew.
    static let calm: Duration = .seconds(3_600)

    /// No login of our own before this moment.
    private(set) var notBefore = Timestamp(seconds: 0)
    /// Why there is none at all until somebody changes the credentials; nil where there may be.
    private(set) var bar: String?
    private var last: Timestamp?
    private var streak = 0
    private var doubtful = 0

    mutating func succeeded(at now: Timestamp) {
        doubtful = 0
        note(now)
    }

    mutating func failed(_ error: KiteLoginError, at now: Timestamp) {
        note(now)
        guard !error.isTransient, error.code != .cancelled else { return }
        // A page or a code may be a passing trouble once; a refused password locks the account if sent again.
        let mayPass: Set<KiteLoginError.Code> = [.wrongCode, .unknownPage, .exchange, .declined]
        doubtful += 1
        guard !mayPass.contains(error.code) || doubtful > 1 else { return }
        bar = "Signing in without a person failed and is not tried again: \(error.message)"
    }

    mutating func credentialsChanged() {
        bar = nil
        doubtful = 0
    }

    private mutating func note(_ now: Timestamp) {
        if let last, now.since(last) >= Self.calm { streak = 0 }
        last = now
        var gap = Self.gaps.first
        for _ in 0..<min(streak, 16) where gap < Self.gaps.longest { gap *= 2 }
        streak += 1
        notBefore = now.advanced(by: min(gap, Self.gaps.longest))
    }
}

extension Timestamp {
    /// The instant of Kite's time.
    init(_ time: KiteTime) { self.init(seconds: time.unixSeconds) }

    /// The same instant in whole seconds, as the library has it.
    var kiteTime: KiteTime { KiteTime(unixSeconds: seconds) }
}
