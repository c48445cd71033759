import Gateway
import Testing
import Trading

struct TradingDeskTests {
    @Test func `a desk runs the sessions it is given until it is stopped`() throws {
        let trial = Trial()
        try trial.time.run { () async throws in
            let desk = TradingDesk()
            let session = trial.session()
            desk.open(session, for: Trial.account)
            try await withThrowingTaskGroup { group in
                group.addTask { await desk.run() }
                try await trial.becomeReady(session)
                #expect(desk.session(of: Trial.account) === session)
                #expect(desk.session(of: TradingAccountID(99)) == nil)
                #expect(desk.accounts == [Trial.account])
                desk.stop()
                try await group.waitForAll()
            }
            #expect(await session.state.readiness == .stopped)
        }
    }
}
