import Testing

@testable import KiteConnect

@Suite struct TickerWatchTests {
    private static func view(
        _ now: Int, frame: Int, tick: Int, since: Int? = 0, expects: Bool? = true
    ) -> TickerWatch.View {
        TickerWatch.View(
            now: .seconds(now), lastFrame: .seconds(frame), lastTick: .seconds(tick),
            subscribedSince: since.map { .seconds($0) }, expectsTicks: expects)
    }

    @Test func `a connection without frames is silent whatever the market does`() {
        for expects in [nil, false, true] {
            var watch = TickerWatch(KiteTickerOptions())
            #expect(watch.look(Self.view(4, frame: 0, tick: 0, expects: expects)) == .fine)
            #expect(watch.pause == .seconds(1))
            #expect(watch.look(Self.view(5, frame: 0, tick: 0, expects: expects)) == .silent(.seconds(5)))
        }
    }

    @Test func `signs of life without ticks are a stall, said once, until a tick comes`() {
        var watch = TickerWatch(KiteTickerOptions())
        for second in 0..<10 {
            #expect(watch.look(Self.view(second, frame: second, tick: 0)) == .fine)
            #expect(watch.pause <= .seconds(1))
        }
        #expect(watch.look(Self.view(10, frame: 10, tick: 0)) == .stalled(.seconds(10)))
        #expect(watch.look(Self.view(11, frame: 11, tick: 0)) == .fine)
        #expect(watch.look(Self.view(12, frame: 12, tick: 12)) == .flowing)
        #expect(watch.look(Self.view(13, frame: 13, tick: 12)) == .fine)
        #expect(watch.look(Self.view(22, frame: 22, tick: 12)) == .stalled(.seconds(10)))
    }

    @Test func `nothing stalls while no ticks are expected, nothing is subscribed or nobody can tell`() {
        for (since, expects) in [(0, false), (0, nil), (nil, true)] as [(Int?, Bool?)] {
            var watch = TickerWatch(KiteTickerOptions())
            for second in 0..<60 {
                let view = Self.view(second, frame: second, tick: 0, since: since, expects: expects)
                #expect(watch.look(view) == .fine)
            }
        }
    }

    @Test func `the time counts from the opening and from the first subscription`() {
        var watch = TickerWatch(KiteTickerOptions())
        #expect(watch.look(Self.view(100, frame: 100, tick: 0, expects: false)) == .fine)
        #expect(watch.look(Self.view(101, frame: 101, tick: 0)) == .fine)
        #expect(watch.look(Self.view(110, frame: 110, tick: 0)) == .fine)
        #expect(watch.look(Self.view(111, frame: 111, tick: 0)) == .stalled(.seconds(10)))
        var other = TickerWatch(KiteTickerOptions())
        #expect(other.look(Self.view(0, frame: 0, tick: 0, since: nil)) == .fine)
        #expect(other.look(Self.view(59, frame: 59, tick: 0, since: 50)) == .fine)
        #expect(other.look(Self.view(60, frame: 60, tick: 0, since: 50)) == .stalled(.seconds(10)))
    }
}
