import Trading

/// Signing in on the broker's website, with password and then one-time code; decides from the times it is handed.
///
/// Five wrong attempts in a row shut a user out for a quarter of an hour. A code is taken once.
struct WebSignIns {
    /// Wrong attempts before a user is shut out.
    static let attemptLimit = 5
    /// How long a user stays shut out.
    static let lockLength: Duration = .seconds(15 * 60)
    /// How long a sign-in may stay between its steps.
    static let stepLength: Duration = .seconds(300)
    /// Sign-ins that may be between their steps.
    private static let pendingLimit = 1_000

    private struct Pending {
        let userID: String
        let expiry: Timestamp
    }

    private struct Failures {
        var count = 0
        var lockedUntil: Timestamp?
    }

    private let random: RandomBytes
    private var pending: [String: Pending] = [:]
    private var failures: [String: Failures] = [:]
    /// The last half minute whose code each user has used.
    private var usedSteps: [String: Int64] = [:]
    private var visits: [String: Pending] = [:]

    init(random: @escaping RandomBytes) {
        self.random = random
    }

    /// The first step; gives the number that the second has to name.
    mutating func begin(
        _ user: SimulatorConfiguration.User?, password: String?, at now: Timestamp
    ) throws(KiteRefusal) -> String {
        let user = try checkPassword(user, password, at: now)
        pending = pending.filter { now < $0.value.expiry }
        guard pending.count < Self.pendingLimit else { throw .tooManyRequests }
        let id = SessionBook.token(random)
        pending[id] = Pending(userID: user.userID, expiry: now.advanced(by: Self.stepLength))
        return id
    }

    /// The second step; gives the cookie of the visit, good until six in the morning.
    mutating func finish(
        _ user: SimulatorConfiguration.User?, requestID: String?, code: String?, at now: Timestamp
    ) throws(KiteRefusal) -> String {
        guard let user, let requestID, let begun = pending[requestID], begun.userID == user.userID, now < begun.expiry
        else { throw .signInExpired }
        try checkCode(user, code, at: now)
        pending[requestID] = nil
        visits = visits.filter { now < $0.value.expiry }
        let cookie = SessionBook.token(random)
        visits[cookie] = Pending(userID: user.userID, expiry: SessionBook.expiry(ofLoginAt: now))
        return cookie
    }

    /// Both steps at once, as the sign-in page sends them.
    mutating func check(
        _ user: SimulatorConfiguration.User?, password: String?, code: String?, at now: Timestamp
    ) throws(KiteRefusal) {
        try checkCode(try checkPassword(user, password, at: now), code, at: now)
    }

    /// The user of a visit; nil where there is none.
    func user(ofVisit cookie: String, at now: Timestamp) -> String? {
        visits[cookie].flatMap { now < $0.expiry ? $0.userID : nil }
    }

    /// Ends all visits of a user, or of everybody.
    mutating func endVisits(of userID: String?) {
        visits = visits.filter { userID != nil && $0.value.userID != userID }
        pending = pending.filter { userID != nil && $0.value.userID != userID }
    }

    /// Lets everybody try again.
    mutating func unlock() {
        failures = [:]
    }

    private mutating func checkPassword(
        _ user: SimulatorConfiguration.User?, _ password: String?, at now: Timestamp
    ) throws(KiteRefusal) -> SimulatorConfiguration.User {
        guard let user else { throw .wrongPassword }
        try checkLock(user.userID, at: now)
        guard user.password == password else {
            try fail(user.userID, at: now)
            throw .wrongPassword
        }
        return user
    }

    private mutating func checkCode(
        _ user: SimulatorConfiguration.User, _ code: String?, at now: Timestamp
    ) throws(KiteRefusal) {
        try checkLock(user.userID, at: now)
        if let secret = user.totpSecret {
            guard let step = TimeCode.step(of: code ?? "", secret: secret, at: now),
                step > usedSteps[user.userID] ?? .min
            else {
                try fail(user.userID, at: now)
                throw .wrongCode
            }
            usedSteps[user.userID] = step
        }
        failures[user.userID] = nil
    }

    private mutating func checkLock(_ userID: String, at now: Timestamp) throws(KiteRefusal) {
        guard let until = failures[userID]?.lockedUntil else { return }
        if now < until { throw .signInLocked }
        failures[userID] = nil
    }

    private mutating func fail(_ userID: String, at now: Timestamp) throws(KiteRefusal) {
        var failures = failures[userID, default: Failures()]
        failures.count += 1
        if failures.count >= Self.attemptLimit { failures.lockedUntil = now.advanced(by: Self.lockLength) }
        self.failures[userID] = failures
        if failures.lockedUntil != nil { throw .signInLocked }
    }
}

extension KiteRefusal {
    static let wrongPassword = KiteRefusal(
        status: 403, kind: .user, message: "Invalid username or password.")
    static let wrongCode = KiteRefusal(
        status: 403, kind: .secondFactor, message: "Invalid TOTP. Try again with a new code.")
    static let signInExpired = KiteRefusal(
        status: 403, kind: .secondFactor, message: "The sign-in has expired. Begin again with user ID and password.")
    static let signInLocked = KiteRefusal(
        status: 403, kind: .user, message: "Too many wrong attempts. Try again in 15 minutes.")
}
