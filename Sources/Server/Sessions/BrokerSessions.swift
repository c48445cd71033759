import Accounts
import AsyncHTTPClient
import Gateway
import KiteAdapter
import KiteConnect
import Logging
import Metrics
import Trading

/// Keeps the logins of all linked accounts at their brokers, and the sessions on the desk that depend on them.
///
/// It opens accounts at the start, plans their renewal after six in the morning, notices tokens that other processes
/// put into the vault, and signs unattended accounts in anew when the broker refuses their token. An order is never
/// what finds out: a session whose login has ended refuses by the clock.
actor BrokerSessions {
    /// What it works with.
    struct Parts: Sendable {
        let login: KiteAccountLogin
        let desk: TradingDesk
        let keyFile: KeyFile
        let journal: any OrderJournal
        let numbers: OrderNumbers
        let time: Timekeeping
        /// A number from 0 to below 1, for spreading renewals.
        let chance: @Sendable () -> Double
        /// Our own paper exchange; nil where there is none.
        let paper: Paper?
        let logger: Logger
    }

    /// Our own paper exchange, which starts empty with every process.
    struct Paper: Sendable {
        let url: String
        /// When its book began.
        let opened: Timestamp
        let tradingDate: CalendarDate
        /// Gives a request token without a person; nil for an unknown account.
        let requestToken: @Sendable (TradingAccount) -> String?
    }

    /// One account and its session, where it has one.
    struct Kept: Sendable {
        var account: TradingAccount
        var plan = SessionPlan()
        /// The state of the vault that the plan knows.
        var revision: Int64?
        var isBusy = false
        var isSigningIn = false
        var open: Open?
        /// The session that the broker's line works with.
        var inUse: BrokerSessionToken?
        /// Why the account's session cannot be opened although it is signed in, and when that is tried again.
        var trouble: (reason: String, until: Timestamp)?
        /// The reason for standing still that the session knows.
        var told: String?
    }

    struct Open: Sendable {
        let session: AccountSession
        let broker: KiteBroker
    }

    /// How often the vault is looked at for what other processes put there.
    static let pollInterval = Duration.seconds(2)

    /// How many accounts are opened at a time at the start.
    static let openingWidth = 8

    let parts: Parts
    let instruments = SharedInstruments()
    var kept: [TradingAccountID: Kept] = [:]
    private var revisions: [TradingAccountID: Int64] = [:]
    private let nudges: AsyncStream<Void>
    private nonisolated let nudgeInput: AsyncStream<Void>.Continuation
    private let deaths: AsyncStream<(TradingAccountID, Secret)>
    nonisolated let deathInput: AsyncStream<(TradingAccountID, Secret)>.Continuation

    /// Starts without accounts.
    init(_ parts: Parts) {
        self.parts = parts
        (nudges, nudgeInput) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (deaths, deathInput) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    /// Opens every account that can be opened, a few at a time; one that fails is logged and tried again by `run`.
    func openAll() async {
        let ids = await due()
        await withTaskGroup(of: Void.self) { group in
            for (index, id) in ids.enumerated() {
                if index >= Self.openingWidth { await group.next() }
                group.addTask { await self.attend(id) }
            }
        }
    }

    /// Looks after all accounts until cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.poll() }
            group.addTask { await self.followDeaths() }
            group.addTask { await self.followNudges() }
        }
    }

    /// Looks at the vault at once, as after a login in this process.
    nonisolated func lookNow() { nudgeInput.yield() }

    /// How an account stands; nil where it is not looked after here.
    func standing(of id: TradingAccountID) -> BrokerStanding? {
        guard let entry = kept[id] else { return nil }
        let now = parts.time.now()
        let isUnattended = entry.plan.method != .person
        if entry.isSigningIn { return BrokerStanding(.signingIn, isUnattended: isUnattended) }
        switch entry.plan.step(at: now) {
        case .run:
            return BrokerStanding(
                entry.plan.isExpiring(at: now) ? .expiring : .signedIn, validUntil: entry.plan.expiry,
                reason: entry.trouble?.reason, isUnattended: isUnattended)
        case .signIn: return BrokerStanding(.signingIn, isUnattended: isUnattended)
        case .wait(let moment, let reason):
            return BrokerStanding(.signedOut, reason: reason, nextSignIn: moment, isUnattended: isUnattended)
        case .askPerson(let reason): return BrokerStanding(.signedOut, reason: reason, isUnattended: isUnattended)
        }
    }

    private func poll() async {
        repeat { nudgeInput.yield() } while (try? await parts.time.sleep(Self.pollInterval)) != nil
    }

    private func followNudges() async {
        await withDiscardingTaskGroup { group in
            for await _ in nudges {
                for id in await due() { group.addTask { await self.attend(id) } }
            }
            group.cancelAll()
        }
    }

    private func followDeaths() async {
        for await (id, token) in deaths {
            guard kept[id]?.plan.refuse(token) == true else { continue }
            parts.logger.warning("the broker no longer takes a login", metadata: ["account": "\(id)"])
            Counter(label: "broker_logins_refused_total").increment()
            await tell(id)
            lookNow()
        }
    }

    /// The accounts with something to do, each marked as being looked after.
    private func due() async -> [TradingAccountID] {
        await readRevisions()
        let now = parts.time.now()
        let ids = kept.keys.sorted().filter { id in kept[id].map { isDue($0, now) } ?? false }
        for id in ids { kept[id]?.isBusy = true }
        return ids
    }

    private func isDue(_ entry: Kept, _ now: Timestamp) -> Bool {
        if entry.isBusy { return false }
        if entry.revision != revisions[entry.account.id] { return true }
        switch entry.plan.step(at: now) {
        case .signIn: return true
        case .run(let token):
            if let trouble = entry.trouble, now < trouble.until { return false }
            return entry.open == nil || entry.inUse != token || entry.trouble != nil
        case .wait(_, let reason), .askPerson(let reason): return entry.open != nil && entry.told != reason
        }
    }

    /// Learns which accounts there are and whose credentials changed.
    private func readRevisions() async {
        do {
            revisions = try await parts.login.accounts.credentialRevisions()
            guard revisions.keys.contains(where: { kept[$0] == nil }) else { return }
            for account in try await parts.login.accounts.accounts()
            where account.broker == .kite && account.status != .deactivated && kept[account.id] == nil {
                kept[account.id] = Kept(account: account)
            }
        } catch {
            parts.logger.error("the linked accounts cannot be read", metadata: ["reason": "\(error)"])
        }
    }

    /// Does what an account's plan says.
    private func attend(_ id: TradingAccountID) async {
        defer { kept[id]?.isBusy = false }
        await readCredentials(id)
        if case .signIn = kept[id]?.plan.step(at: parts.time.now()) { await signIn(id) }
        switch kept[id]?.plan.step(at: parts.time.now()) {
        case .run(let token): await work(id, with: token)
        case .signIn, .wait, .askPerson, nil: await tell(id)
        }
    }

    /// Tells an account's session why nothing may leave.
    private func tell(_ id: TradingAccountID) async {
        let reason: String
        switch kept[id]?.plan.step(at: parts.time.now()) {
        case .wait(_, let words), .askPerson(let words): reason = words
        case .signIn: reason = "The account is signing in at its broker."
        case .run, nil: return
        }
        kept[id]?.told = reason
        await kept[id]?.open?.session.setLogin(.missing(reason: reason))
    }

    private func readCredentials(_ id: TradingAccountID) async {
        guard let entry = kept[id], let revision = revisions[id], entry.revision != revision else { return }
        do throws(VaultError) {
            let credentials = try await parts.login.vault.credentials(of: id)
            let isPaper = parts.paper.map { $0.url == entry.account.endpoint?.baseURL } ?? false
            kept[id]?.plan.method = isPaper ? .paper : credentials.allowsUnattendedLogin ? .unattended : .person
            if entry.revision != nil { kept[id]?.plan.credentialsChanged() }
            kept[id]?.revision = revision
            // A paper exchange that started anew knows none of its earlier sessions.
            let began = isPaper ? parts.paper?.opened : nil
            if let session = credentials.session, began.map({ session.loginTime >= $0 }) ?? true {
                kept[id]?.plan.offer(session, chance: parts.chance())
            }
        } catch {
            parts.logger.error(
                "an account's credentials cannot be read",
                metadata: ["account": "\(id)", "reason": "\(error.description)"])
        }
    }

    private func signIn(_ id: TradingAccountID) async {
        guard let entry = kept[id] else { return }
        kept[id]?.isSigningIn = true
        defer { kept[id]?.isSigningIn = false }
        await tell(id)
        do throws(KiteLoginError) {
            let session: BrokerSessionToken
            if entry.plan.method == .paper {
                guard let token = parts.paper?.requestToken(entry.account) else {
                    throw KiteLoginError(.exchange, "The paper exchange does not know the account.")
                }
                session = try await parts.login.exchange(Secret(token), for: entry.account, isKept: false)
            } else {
                session = try await parts.login.signInUnattended(entry.account)
            }
            kept[id]?.plan.signedIn(at: parts.time.now())
            kept[id]?.plan.offer(session, chance: parts.chance())
            Counter(label: "broker_sign_ins_total", dimensions: [("outcome", "done")]).increment()
            parts.logger.info("signed in at the broker", metadata: ["account": "\(id)"])
        } catch {
            kept[id]?.plan.failed(error, at: parts.time.now())
            Counter(label: "broker_sign_ins_total", dimensions: [("outcome", "\(error.code)")]).increment()
            parts.logger.error(
                "signing in at the broker failed", metadata: ["account": "\(id)", "reason": "\(error)"])
        }
    }
}
