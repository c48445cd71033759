import Brokers
import Logging
import Trading

extension AccountSession {
    /// How often everything is read again without being asked.
    static let pollInterval = Duration.seconds(30)
    /// The least time between two reads of positions and funds.
    static let refreshInterval = Duration.seconds(1)

    /// Serves the account until `stop`: reconciles first, then takes orders and follows the broker.
    ///
    /// On `stop` no new order is taken and those on their way are seen through; orders in doubt stay in doubt and
    /// are looked for again on the next start.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.doWork() }
            group.addTask { await self.follow() }
        }
        readiness = .stopped
        updates.finish()
    }

    /// Asks `run` to come to its end.
    package nonisolated func stop() {
        workInput.finish()
        stopInput.finish()
    }

    /// Reconciles, then follows the broker, until told to stop.
    private func follow() async {
        await withTaskGroup(of: Bool.self) { followers in
            followers.addTask {
                for await _ in self.stopSignal {}
                return true
            }
            followers.addTask {
                guard await self.reconcile() else { return false }
                await withDiscardingTaskGroup { group in
                    group.addTask { await self.parts.broker.stream(to: self) }
                    group.addTask { await self.followRefreshes() }
                    group.addTask { await self.followDoubts() }
                    group.addTask { await self.poll() }
                    group.addTask { await self.publishPositions() }
                }
                return false
            }
            for await isStop in followers where isStop { followers.cancelAll() }
        }
    }

    private func followDoubts() async {
        await withDiscardingTaskGroup { group in
            for await id in doubts {
                group.addTask { await self.lookUp(id) }
            }
        }
    }

    /// Runs orders and changes, many at a time, each shielded from the cancellation of whoever asked for it.
    private func doWork() async {
        await withDiscardingTaskGroup { group in
            for await job in work {
                group.addTask { await job() }
            }
        }
    }

    /// Fills the ledger from the journal; false where it cannot be read.
    private func restore() async -> Bool {
        do throws(JournalError) {
            let entries = try await parts.journal.orders(of: parts.account, since: bookStart)
            for entry in entries { ledger.insert(entry.order, eventCount: entry.events.last?.sequence ?? 0) }
            day = parts.time.now().indian.date
            budget.startDay(used: entries.count)
            return true
        } catch {
            parts.logger.error("the journal cannot be read", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// Reads the journal, then the broker's book, until both succeed; false when cancelled first.
    private func reconcile() async -> Bool {
        var wait = Duration.milliseconds(200)
        var isRestored = false
        while !Task.isCancelled {
            if !isRestored { isRestored = await restore() }
            if isRestored, await readBook() {
                await readPortfolio()
                for order in ledger.all where order.status == .pending {
                    // Whether it left before the last stop cannot be told, so it is looked for.
                    await settle(.outcomeUnknown(reason: "The service stopped while the order was sent."), of: order.id)
                }
                for order in ledger.all where order.status == .unknown {
                    doubtInput.yield(order.id)
                }
                readiness = .ready
                return true
            }
            let missing = isRestored ? "The broker's order book" : "The order journal"
            readiness = .starting(reason: "\(missing) cannot be read yet; no order leaves before that.")
            guard (try? await parts.time.sleep(wait)) != nil else { return false }
            wait = min(wait * 2, .seconds(10))
        }
        return false
    }

    private func followRefreshes() async {
        for await _ in refresh {
            await readPortfolio()
            guard (try? await parts.time.sleep(Self.refreshInterval)) != nil else { return }
        }
    }

    private func poll() async {
        while (try? await parts.time.sleep(Self.pollInterval)) != nil {
            await readBook()
            await readPortfolio()
        }
    }

    /// Tells clients at most once a second of positions whose worth moved.
    private func publishPositions() async {
        while (try? await parts.time.sleep(Self.refreshInterval)) != nil {
            for position in takeMovedPositions() { updates.send(.position(position)) }
        }
    }
}

extension AccountSession: BrokerUpdateSink {
    package func orderChanged(_ row: BrokerOrderRow) async {
        await take(row)
    }

    package func pricesChanged(_ marks: [PriceMark]) async {
        for position in portfolio.mark(marks, at: parts.time.now()) { moved[PositionKey(position)] = position }
    }

    package func connectionChanged(_ state: BrokerConnection) async {
        let before = connection
        connection = state
        guard before != state else { return }
        updates.send(.connection(state))
        // Whatever was pushed while the line was down is only in the book.
        if state == .connected { workInput.yield { await self.readBook() } }
    }
}
