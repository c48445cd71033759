import Foundation
import Synchronization
import Testing

/// Days full of faults: nothing is lost, nothing is doubled, everything comes to rest.
///
/// `QUANTAGRO_SEEDS=from-to` runs other days; a failing day's seed stands in its message.
struct SimulationTests {
    private static let seeds: Range<UInt64> = {
        let bounds = ProcessInfo.processInfo.environment["QUANTAGRO_SEEDS"]?.split(separator: "-").compactMap {
            UInt64($0)
        }
        guard let bounds, bounds.count == 2, bounds[0] < bounds[1] else { return 0..<400 }
        return bounds[0]..<bounds[1]
    }()

    @Test func `whatever fails, no order is lost or doubled`() throws {
        var orders = 0
        var crashes = 0
        for seed in Self.seeds {
            var day = FaultyDay(seed: seed)
            try day.run()
            for fault in day.faults { Issue.record("seed \(seed): \(fault)") }
            orders += day.orderCount
            crashes += day.crashes
        }
        #expect(orders > Self.seeds.count * 5 && crashes > Self.seeds.count / 2, "\(orders) orders, \(crashes) crashes")
    }

    @Test(arguments: [3, 17, 99] as [UInt64])
    func `the same seed makes the same day`(seed: UInt64) throws {
        var logs: Set<String> = []
        for _ in 0..<5 {
            var day = FaultyDay(seed: seed)
            try day.run()
            logs.insert(day.log)
        }
        #expect(logs.count == 1)
    }
}
