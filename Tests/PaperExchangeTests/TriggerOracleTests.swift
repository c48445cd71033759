import Testing
import Trading

@testable import PaperExchange

/// Triggers and alerts against a list that is gone through from end to end after every change of a price.
struct TriggerOracleTests {
    private struct Waiting {
        let id: Int64
        let instrument: InstrumentID
        let value: Price
        let isRising: Bool
    }

    @Test(arguments: 1...6)
    func `exactly those fire whose price has come`(seed: Int) throws {
        let floor = PaperFloor(seed: UInt64(seed))
        var dice = Dice(seed: UInt64(seed))
        let instruments = [PaperFloor.share, InstrumentID(exchange: .nse, symbol: "TCS")]
        var waiting: [Waiting] = []
        var alerts: [String: AlertCondition] = [:]
        var fired = 0
        for turn in 0..<400 {
            let instrument = instruments[dice.roll(2)]
            switch dice.roll(6) {
            case 0, 1:
                let isRising = dice.roll(2) == 0
                let value = try floor.last(instrument, moved: Int64(30 + dice.roll(150)) * (isRising ? 1 : -1))
                let limit = try #require(floor.quote(instrument)).lowerCircuit
                let leg = floor.leg(.buy, at: value, of: instrument, price: limit)
                let id = try floor.placeGTT(try floor.single(leg, of: instrument))
                waiting.append(Waiting(id: id, instrument: instrument, value: value, isRising: isRising))
            case 2:
                let level = try floor.last(instrument, moved: Int64(dice.roll(300)) - 150)
                let comparison = AlertCondition.Comparison.allCases[dice.roll(5)]
                let other = instruments[dice.roll(2)]
                let condition = AlertCondition(
                    .instrument(instrument), comparison,
                    dice.roll(3) == 0 && other != instrument ? .subject(.instrument(other)) : .constant(level))
                _ = try floor.createAlert(condition, uuid: "\(turn)")
                alerts["\(turn)"] = condition
                // One that is true from the start fires with the next step.
                floor.advance()
            case 3:
                try floor.trade(instrument, at: try floor.last(instrument, moved: Int64(dice.roll(160)) - 80))
            case 4 where !waiting.isEmpty:
                let gone = waiting.remove(at: dice.roll(waiting.count))
                try floor.market.deleteGTT(gone.id, for: "A", at: floor.now)
            default: floor.advance(1 + dice.roll(40))
            }
            floor.fire()
            fired += try check(floor, &waiting, &alerts, "seed \(seed), turn \(turn)")
        }
        #expect(fired > 20)
        #expect(floor.market.orders(of: "A").allSatisfy { $0.status == .open })
    }

    /// Holds what waits against the last prices; gives the number of those that fired.
    private func check(
        _ floor: PaperFloor, _ waiting: inout [Waiting], _ alerts: inout [String: AlertCondition], _ turn: String
    ) throws -> Int {
        let before = waiting.count + alerts.count
        try waiting.removeAll { one in
            let last = try #require(floor.quote(one.instrument)).lastPrice
            let isDue = one.isRising ? last >= one.value : last <= one.value
            #expect(floor.gtt(one.id)?.status == (isDue ? .triggered : .active), "\(turn)")
            return isDue
        }
        func price(_ subject: AlertSubject) throws -> Price {
            guard case .instrument(let id) = subject else { return .zero }
            return try #require(floor.quote(id)).lastPrice
        }
        for (uuid, condition) in alerts {
            let right: Price =
                switch condition.reference {
                case .constant(let price): price
                case .subject(let other): try price(other)
                }
            let isDue = condition.comparison.holds(try price(condition.subject), right)
            #expect(floor.market.alert(uuid, of: "A")?.status == (isDue ? .disabled : .enabled), "\(turn)")
            if isDue { alerts[uuid] = nil }
        }
        return before - waiting.count - alerts.count
    }
}
