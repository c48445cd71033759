import Brokers
import Gateway
import KiteSimulator
import Testing
import Trading

@testable import Server

/// The whole path of an order over real sockets, with the exchange well and failing.
@Suite(.serialized) struct OrderPathTests {
    @Test func `a market order fills, its update comes back, and the position shows it`() async throws {
        try await WireFixture.run { path in
            let receipt = try await path.session.submit(path.submission(key: "one"))
            let number = try #require(receipt.order.brokerOrderID)
            #expect(
                try await path.eventually { await path.session.order(brokerOrderID: number)?.status == .filled })
            #expect(
                try await path.eventually {
                    let book = try? await path.session.positions()
                    return book?.value.net.first?.quantity == path.future.lotSize
                })
            let orders = await path.session.orders()
            #expect(orders.count == 1)
        }
    }

    @Test func `an order whose answer is lost becomes unknown, is found by its tag and is never sent again`()
        async throws
    {
        try await WireFixture.run { path in
            path.kite.faults.inject(.dropConnection(.afterEffect), into: .placing)
            let receipt = try await path.session.submit(path.submission(key: "lost answer"))
            #expect([.unknown, .acknowledged, .working, .filled].contains(receipt.order.status))
            let id = receipt.order.id
            #expect(
                try await path.eventually { await path.session.orders().first { $0.id == id }?.status == .filled })
            #expect(await path.exchangeOrderCount == 1)
        }
    }

    @Test func `an exchange that stops answering leaves a clear state and nothing hangs`() async throws {
        try await WireFixture.run(timeout: .milliseconds(400)) { path in
            path.kite.faults.inject(.stopAnswering(.beforeEffect), into: .placing)
            let began = ContinuousClock.now
            let receipt = try await path.session.submit(path.submission(key: "hanging"))
            #expect(receipt.order.status == .unknown)
            #expect(began.duration(to: .now) < .seconds(5))
            #expect(await path.exchangeOrderCount == 0)
        }
    }

    @Test(arguments: [500, 502, 503, 504]) func `a server error after the order was placed doubles nothing`(
        _ status: Int
    ) async throws {
        try await WireFixture.run { path in
            path.kite.faults.inject(.page(status, .afterEffect), into: .placing)
            let receipt = try await path.session.submit(path.submission(key: "page \(status)"))
            let id = receipt.order.id
            #expect(
                try await path.eventually { await path.session.orders().first { $0.id == id }?.status == .filled })
            let replay = try await path.session.submit(path.submission(key: "page \(status)"))
            #expect(replay.isReplay)
            #expect(replay.order.id == id)
            #expect(await path.exchangeOrderCount == 1)
        }
    }

    @Test func `a resting order can be changed and taken out`() async throws {
        try await WireFixture.run { path in
            let marks = try await path.session.submit(path.submission(key: "probe")).order
            let number = try #require(marks.brokerOrderID)
            #expect(
                try await path.eventually { await path.session.order(brokerOrderID: number)?.status == .filled })
            let fill = try #require(await path.session.order(brokerOrderID: number)?.averagePrice)
            let low = Price(tenThousandths: fill.tenThousandths * 97 / 100).roundedDown(toTick: path.future.tickSize)
            var resting = path.submission(key: "resting").request
            resting.type = .limit
            resting.price = low
            let placed = try await path.session.submit(
                OrderSubmission(request: resting, label: nil, idempotencyKey: "resting", principal: 1))
            let id = try #require(placed.order.brokerOrderID)
            #expect(try await path.eventually { await path.session.order(brokerOrderID: id)?.status.isOpen == true })
            let lower = low - path.future.tickSize
            #expect(try await path.session.modify(id, OrderChange(price: lower)).price == lower)
            #expect(try await path.session.cancel(id).status == .cancelled)
            await #expect(throws: GatewayError.notOpen(.cancelled)) { try await path.session.cancel(id) }
        }
    }
}
