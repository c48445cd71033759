import Synchronization
import Trading

/// The sessions of all trading accounts this process owns.
package final class TradingDesk: Sendable {
    private let sessions = Mutex<[TradingAccountID: AccountSession]>([:])
    private let work: AsyncStream<AccountSession>
    private let workInput: AsyncStream<AccountSession>.Continuation

    /// Starts without sessions.
    package init() {
        (work, workInput) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    /// Takes on an account; its session starts when the desk runs.
    package func open(_ session: AccountSession, for account: TradingAccountID) {
        let isNew = sessions.withLock { $0.updateValue(session, forKey: account) == nil }
        precondition(isNew, "one writer per trading account")
        workInput.yield(session)
    }

    /// The session of an account; nil where this process does not own it.
    package func session(of account: TradingAccountID) -> AccountSession? {
        sessions.withLock { $0[account] }
    }

    /// All accounts this process owns.
    package var accounts: [TradingAccountID] {
        sessions.withLock { $0.keys.sorted() }
    }

    /// Waits until every session that the broker lets in takes orders, or a time has passed.
    package func waitUntilReady(atMost limit: Duration, time: Timekeeping) async {
        let deadline = time.uptime() + limit
        while time.uptime() < deadline {
            var waiting = 0
            for session in sessions.withLock({ Array($0.values) }) {
                switch await session.state.readiness {
                case .ready, .signedOut: continue
                case .starting, .stopped: waiting += 1
                }
            }
            if waiting == 0 { return }
            guard (try? await time.sleep(.milliseconds(5))) != nil else { return }
        }
    }

    /// Runs all sessions until `stop`; returns when each has seen its orders through.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await session in work {
                group.addTask { await session.run() }
            }
        }
    }

    /// Stops all sessions; no new one starts.
    package func stop() {
        workInput.finish()
        for session in sessions.withLock({ Array($0.values) }) { session.stop() }
    }
}
