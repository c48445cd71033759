import JSON
import Testing
import Trading

@testable import KiteSimulator

@Suite struct FaultSpecTests {
    @Test(arguments: [
        ("drop-response:placing:times=3", Faults.Fault.dropConnection(.afterEffect), Faults.Scope.placing),
        ("drop-request", .dropConnection(.beforeEffect), .everything),
        ("hang-response:order-changes", .stopAnswering(.afterEffect), .orderChanges),
        ("hang-request:/orders", .stopAnswering(.beforeEffect), .path("/orders")),
        ("status=503:/quote", .status(503, .beforeEffect), .path("/quote")),
        ("page=502:placing:moment=after", .page(502, .afterEffect), .placing),
        ("delay=250ms", .delay(.milliseconds(250)), .everything),
        ("delay-response=8s:placing:skip=1", .delayAnswer(.seconds(8)), .placing),
        ("truncate", .truncateAnswer, .everything), ("cut:/orders", .cutAnswer, .path("/orders")),
        ("empty:placing:moment=before", .emptyAnswer(.beforeEffect), .placing),
        ("bare:placing", .bareAnswer, .placing),
        ("false-refusal=timeout:placing", .falseRefusal(.timeout), .placing),
        ("outage:for=30s", .outage, .everything), ("hide-orders=8s", .hideOrders(.seconds(8)), .everything),
        ("stale-book=1500ms", .staleBook(.milliseconds(1_500)), .everything),
        ("lose-update:probability=0.25:seed=7", .loseUpdate, .everything),
        ("duplicate-update:postbacks", .duplicateUpdate, .postbacks), ("reorder-update", .reorderUpdate, .everything),
        ("delay-update=2s", .delayUpdate(.seconds(2)), .everything),
        ("silent-ticker:ticker/2", .silentTicker, .connection(2)),
        ("garbage-ticker=cut:times=5", .garbageFrame(.cut), .everything),
        ("garbage-ticker", .garbageFrame(nil), .everything), ("close-ticker:ticker", .closeTicker, .ticker),
        ("kill-ticker:probability=0.1", .killTicker, .everything),
        ("clock-skew=-90s", .clockSkew(.seconds(-90)), .everything),
    ])
    func `a fault is read as it is written`(spec: String, fault: Faults.Fault, scope: Faults.Scope) throws {
        let rule = try FaultRule(spec: spec)
        #expect(rule.fault == fault)
        #expect(rule.scope == scope)
        #expect(rule.spec == spec)
    }

    @Test func `every name is read and written alike`() throws {
        for name in FaultName.allCases {
            let value: String? =
                switch name {
                case .status, .page: "500"
                case .falseRefusal: "order"
                case .garbageTicker: "noise"
                default: name.takesValue ? "2s" : nil
                }
            let spec = name.rawValue + (value.map { "=\($0)" } ?? "")
            #expect(try FaultRule(spec: spec).spec == spec)
        }
    }

    @Test(arguments: [
        ("", "fault"), ("drop-answer", "fault"), ("status=200", "value"), ("status", "value"), ("delay=0s", "value"),
        ("delay=soon", "value"), ("outage=3", "value"), ("drop-response:everywhere", "scope"),
        ("lose-update:placing", "scope"), ("silent-ticker:/orders", "scope"), ("drop-response:ticker/0", "scope"),
        ("drop-response:times=0", "times"), ("drop-response:times=x", "times"), ("drop-response:skip=-1", "skip"),
        ("drop-response:probability=1.5", "probability"), ("drop-response:probability=0", "probability"),
        ("drop-response:probability=nan", "probability"), ("drop-response:seed=-1", "seed"),
        ("drop-response:for=-1s", "for"), ("drop-response:moment=after", "moment"),
        ("status=500:moment=later", "moment"), ("drop-response:colour=red", "colour"),
        ("drop-response:times=1:times=2", "times"), ("drop-response:placing:/orders", "scope"),
        ("false-refusal=margin", "value"), ("garbage-ticker=nice", "value"), ("clock-skew", "value"),
    ])
    func `what is malformed is named`(spec: String, field: String) {
        let error = #expect(throws: FaultSpecError.self) { try FaultRule(spec: spec) }
        #expect(error?.field == field)
        #expect(error?.description.isEmpty == false)
    }

    @Test func `an object says the same as the compact text`() throws {
        let json = try JSONValue(
            parsing: #"{"fault":"status","value":503,"scope":"placing","times":2,"skip":1,"probability":0.5,"seed":9}"#)
        let rule = try FaultRule(json: try #require(json.object))
        #expect(rule == (try FaultRule(spec: "status=503:placing:times=2:skip=1:probability=0.5:seed=9")))
        for (text, field) in [
            (#"{"fault":"outage","for":[1]}"#, "for"), (#"{"fault":"outage","spec":"outage"}"#, "spec"),
            (#"{}"#, "fault"), (#"{"fault":"outage","when":"now"}"#, "when"),
        ] {
            let object = try #require(try JSONValue(parsing: text).object)
            #expect(#expect(throws: FaultSpecError.self) { try FaultRule(json: object) }?.field == field)
        }
    }
}

@Suite struct FaultRuleTests {
    private static let placing = Faults.Subject(path: "/orders/regular", isPlacing: true, isOrderChange: true)

    private func decisions(_ spec: String, _ count: Int) throws -> [Bool] {
        let faults = Faults(clock: { Timestamp(seconds: 0) })
        faults.inject(try FaultRule(spec: spec))
        return (0..<count).map { _ in faults.take(for: Self.placing).answer != nil }
    }

    @Test func `the same seed decides the same way, another seed another way`() throws {
        let first = try decisions("status=500:probability=0.5:seed=42", 200)
        #expect(try decisions("status=500:probability=0.5:seed=42", 200) == first)
        #expect(try decisions("status=500:probability=0.5:seed=43", 200) != first)
        #expect((60...140).contains(first.count { $0 }))
    }

    @Test func `a rule skips, fires as often as it may and is counted`() throws {
        #expect(try decisions("status=500:skip=2:times=2", 6) == [false, false, true, true, false, false])
        let faults = Faults(clock: { Timestamp(seconds: 0) })
        let id = faults.inject(try FaultRule(spec: "status=500:skip=2:times=2"))
        for _ in 0..<6 { _ = faults.take(for: Self.placing) }
        let status = try #require(faults.statuses.first { $0.id == id })
        #expect(status.fired == 2)
        #expect(status.considered == 4)
        #expect(!status.isActive)
        #expect(!faults.remove(id))
    }

    @Test func `a rule ends with its time`() throws {
        let clock = TestClock(Timestamp(seconds: 1_000))
        let faults = Faults(clock: { clock.now })
        faults.inject(try FaultRule(spec: "outage:for=30s"))
        clock.advance(by: .seconds(29))
        #expect(faults.take(for: Self.placing).answer == .outage)
        clock.advance(by: .seconds(1))
        #expect(faults.take(for: Self.placing).answer == nil)
        #expect(faults.statuses.map(\.isActive) == [false])
    }

    @Test func `the first rule that fires counts, and readings are falsified besides`() throws {
        let faults = Faults(clock: { Timestamp(seconds: 0) })
        for spec in ["hide-orders=5s", "stale-book=9s", "status=500:skip=1", "status=503"] {
            faults.inject(try FaultRule(spec: spec))
        }
        let reading = Faults.Subject(path: "/orders", isPlacing: false, isOrderChange: false, isReading: true)
        let first = faults.take(for: reading)
        #expect(first.answer == .status(503, .beforeEffect))
        #expect(first.view == BookView(hidden: .seconds(5), age: .seconds(9)))
        #expect(faults.take(for: reading).answer == .status(500, .beforeEffect))
        #expect(faults.take(for: Self.placing).view.isTrue)
    }

    @Test func `skews add up and end with their rules`() throws {
        let clock = TestClock(Timestamp(seconds: 1_000))
        let faults = Faults(clock: { clock.now })
        #expect(faults.exchangeClock() == Timestamp(seconds: 1_000))
        faults.setClock(ahead: .seconds(10))
        let id = faults.inject(try FaultRule(spec: "clock-skew=-90s:for=60s"))
        #expect(faults.exchangeClock() == Timestamp(seconds: 920))
        clock.advance(by: .seconds(60))
        #expect(faults.exchangeClock() == Timestamp(seconds: 1_070))
        #expect(faults.statuses.first { $0.id == id }?.isActive == false)
        faults.clear()
        #expect(faults.exchangeClock() == Timestamp(seconds: 1_060))
    }
}
