import Synchronization

/// One of a user's connections: made, fed with the desired subscriptions, watched, and made again.
final class TickerConnection: Sendable {
    let number: Int
    let desired: TickerDesiredState
    private let hub: TickerHub
    private let intake: TickerIntake
    private let standing = Mutex(KiteTickerState.idle)

    /// A connection that is needed always, or only while it has instruments.
    init(number: Int, hub: TickerHub, isAlwaysWanted: Bool) {
        self.number = number
        self.hub = hub
        desired = TickerDesiredState(isAlwaysWanted: isAlwaysWanted)
        intake = TickerIntake(number: number, hub: hub)
    }

    /// Where the connection stands.
    var state: KiteTickerState { standing.withLock { $0 } }

    /// Time since the last frame of any kind; nil before the first connection.
    var silence: Duration? { intake.lastFrameAt.map { hub.timing.now() - $0 } }

    /// Connects whenever a connection is wanted and stays connected until the task is cancelled.
    func run() async {
        var backoff = TickerBackoff(hub.options)
        while !Task.isCancelled {
            guard desired.isWanted else {
                await waitUntilWanted()
                continue
            }
            let (loss, stoodFor, session) = await connectOnce()
            if Task.isCancelled { break }
            if loss == .unneeded {
                hub.report(.rested, from: number)
                continue
            }
            let delay = backoff.delay(after: loss, stoodFor: stoodFor, random: hub.timing.random())
            set(.waiting)
            hub.report(.disconnected(loss, retryIn: delay), from: number)
            await wait(delay, session)
        }
        set(.stopped)
    }

    private func set(_ state: KiteTickerState) {
        standing.withLock { $0 = state }
    }

    private func connectOnce() async -> (loss: KiteTickerLoss, stoodFor: Duration?, session: Int) {
        set(.connecting)
        let (configuration, session) = hub.currentSession
        let link: any TickerLink
        do {
            link = try await hub.transport.connect(
                TickerEndpoint(configuration, timeout: hub.options.connectTimeout))
        } catch {
            return (error.loss, nil, session)
        }
        let start = hub.timing.now()
        intake.connectionWasMade(at: start)
        desired.connectionWasLost()
        set(.connected)
        hub.report(.connected, from: number)
        let loss = await serve(link, session)
        link.close()
        return (loss, hub.timing.now() - start, session)
    }

    /// Reads, writes and watches until one of the three ends.
    private func serve(_ link: any TickerLink, _ session: Int) async -> KiteTickerLoss {
        await withTaskGroup(of: KiteTickerLoss.self) { group in
            group.addTask { await self.read(link) }
            group.addTask { await self.write(link, session) }
            group.addTask { await self.watch() }
            let first = await group.next() ?? .renewed
            group.cancelAll()
            return first
        }
    }

    private func read(_ link: any TickerLink) async -> KiteTickerLoss {
        while let frame = await link.next() { intake.take(frame, at: hub.timing.now()) }
        return Self.loss(link)
    }

    /// Carries out the desired state, now and after every change.
    private func write(_ link: any TickerLink, _ session: Int) async -> KiteTickerLoss {
        for await _ in desired.signals() {
            if hub.currentSession.number != session { return .renewed }
            if !desired.isWanted { return .unneeded }
            for message in desired.takeMessages(batchSize: hub.options.batchSize) {
                do {
                    try await link.send(message)
                } catch {
                    return Self.loss(link)
                }
            }
        }
        return .closed(code: 1006, reason: "")
    }

    private func watch() async -> KiteTickerLoss {
        var watch = TickerWatch(hub.options)
        while !Task.isCancelled {
            let now = hub.timing.now()
            let finding = watch.look(
                TickerWatch.View(
                    now: now, lastFrame: intake.lastFrameAt ?? now, lastTick: intake.lastTickAt ?? now,
                    subscribedSince: desired.subscribedSince, expectsTicks: hub.context.expectsTicks?()))
            switch finding {
            case .fine: break
            case .silent(let silence): return .silent(silence)
            case .stalled(let drought):
                hub.report(.stalled(drought), from: number)
                if hub.options.replacesStalled { return .stalled(drought) }
            case .flowing: hub.report(.flowing, from: number)
            }
            do {
                try await hub.timing.sleep(watch.pause)
            } catch {
                break
            }
        }
        return .closed(code: 1006, reason: "")
    }

    private static func loss(_ link: any TickerLink) -> KiteTickerLoss {
        let closure = link.closure
        return .closed(code: closure.code, reason: KiteError.bounded(closure.reason, limit: 123))
    }

    /// Waits for a time, for a new session, for the connection to be needed no more, or for cancellation.
    private func wait(_ delay: Duration, _ session: Int) async {
        if delay <= .zero { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await self.hub.timing.sleep(delay) }
            group.addTask {
                for await _ in self.desired.signals() {
                    if self.hub.currentSession.number != session || !self.desired.isWanted { break }
                }
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func waitUntilWanted() async {
        set(.resting)
        for await _ in desired.signals() where desired.isWanted { break }
    }
}
