import AsyncHTTPClient
import HTTPTypes
import Hummingbird
import JSON
import Logging
import NIOCore
import NIOHTTP1
import PaperExchange
import Synchronization
import Testing
import Trading
import WebServer

@testable import KiteSimulator

/// A server that postbacks are sent to.
private struct Receiver: RouterMiddleware {
    typealias Context = ConnectionRequestContext

    /// What it was sent.
    let bodies: AsyncStream<[UInt8]>
    private let sink: AsyncStream<[UInt8]>.Continuation
    /// What it answers, the last one for good.
    private let answers: [HTTPResponse.Status]
    private let served = Counter()

    private final class Counter: Sendable {
        let value = Atomic(0)
    }

    init(answers: [HTTPResponse.Status]) {
        self.answers = answers
        (bodies, sink) = AsyncStream.makeStream()
    }

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let body = try await request.body.collect(upTo: 1 << 20)
        #expect(request.method == .post)
        let number = served.value.add(1, ordering: .relaxed).oldValue
        let status = answers[min(number, answers.count - 1)]
        if status == .ok { sink.yield(Array(body.readableBytesView)) }
        return Response(status: status, headers: status == .found ? [.location: "/elsewhere"] : [:])
    }
}

@Suite(.timeLimit(.minutes(1))) struct PostbackTests {
    private func withReceiver(
        _ answers: [HTTPResponse.Status] = [.ok],
        _ body: @escaping @Sendable (RunningKite, AsyncStream<[UInt8]>) async throws -> Void
    ) async throws {
        let receiver = Receiver(answers: answers)
        let router = Router(context: ConnectionRequestContext.self)
        router.add(middleware: receiver)
        var logger = Logger(label: "receiver")
        logger.logLevel = .error
        let listener = try await HTTPListener.bind(
            name: "receiver", host: "127.0.0.1", port: 0, router: router, logger: logger)
        let url = listener.url + "/postback"
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))
        let transport: PostbackTransport = { url, body in
            var request = HTTPClientRequest(url: url)
            request.method = .POST
            request.body = .bytes(ByteBuffer(bytes: body))
            return Int(try await client.execute(request, timeout: .seconds(5)).status.code)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run() }
            let result = await Result {
                try await withKite(
                    postbacks: transport,
                    configure: { _, configuration in
                        configuration.apps[0].postbackURL = url
                        configuration.apps.append(.init(apiKey: "key2", apiSecret: "secret2"))
                        configuration.postbacks.pause = .milliseconds(5)
                    }
                ) { running in
                    try await body(running, receiver.bodies)
                }
            }
            try await client.shutdown()
            group.cancelAll()
            try result.get()
        }
    }

    private func next(_ bodies: AsyncStream<[UInt8]>) async throws -> JSONValue {
        for await body in bodies { return try JSONValue(parsing: body) }
        return .null
    }

    @Test func `every end and change of an order is posted with a checksum, also to who has signed out`() async throws {
        try await withReceiver { running, bodies in
            let session = try await running.signIn()
            let token = session.suffix(32)
            let price = try await running.restingPrice()
            let id = try await running.call(
                "POST", "/orders/regular", session: session,
                form: try running.form(type: "LIMIT", extra: "&price=\(price)&tag=mine")
            ).orderID
            _ = try await running.call(
                "PUT", "/orders/regular/\(id)", session: session,
                form: "price=\(price - (try running.future.tickSize))")
            let changed = try await next(bodies)
            #expect(changed.at("order_id")?.string == id)
            #expect(changed.at("status")?.string == "UPDATE")
            #expect(changed.at("user_id")?.string == "AB1234")
            #expect(changed.at("app_id")?.number?.int == 1)
            #expect(changed.at("tag")?.string == "mine")
            let time = try #require(changed.at("order_timestamp")?.string)
            #expect(changed.at("checksum")?.string == hexSHA256(id + time + "secret1"))
            #expect(changed.names.isDisjoint(with: ["modified", "tags", "type", "data"]))
            if SampleData.isPresent {
                #expect(changed.names.isSuperset(of: try SampleData.json("postback.json").names))
            }
            _ = try await running.call("DELETE", "/session/token?api_key=key1&access_token=\(token)")
            try await running.venue.cancel(id, for: "AB1234")
            let cancelled = try await next(bodies)
            #expect(cancelled.at("order_id")?.string == id)
            #expect(cancelled.at("status")?.string == "CANCELLED")
        }
    }

    @Test func `orders of other apps are not told`() async throws {
        try await withReceiver { running, bodies in
            let requestToken = try #require(running.kite.mintRequestToken(for: "AB1234"))
            let checksum = hexSHA256("key2" + requestToken + "secret2")
            let opened = try await running.call(
                "POST", "/session/token", form: "api_key=key2&request_token=\(requestToken)&checksum=\(checksum)")
            let other = "token key2:" + (try #require(try opened.data.at("access_token")?.string))
            _ = try await running.call("POST", "/orders/regular", session: other, form: try running.form())
            let mine = try await running.call(
                "POST", "/orders/regular", session: try await running.signIn(), form: try running.form()
            ).orderID
            #expect(try await next(bodies).at("order_id")?.string == mine)
        }
    }

    @Test func `a receiver that fails is tried again, a redirect is not followed`() async throws {
        try await withReceiver([.internalServerError, .found, .ok]) { running, bodies in
            let session = try await running.signIn()
            _ = try await running.call("POST", "/orders/regular", session: session, form: try running.form())
            var status = try await next(bodies).at("status")?.string
            while status == "UPDATE" { status = try await next(bodies).at("status")?.string }
            #expect(status == "COMPLETE")
            #expect(running.kite.counts.count(of: .postbackRetries) == 2)
        }
    }

    @Test func `a receiver that never accepts costs three attempts and holds nobody up`() async throws {
        try await withReceiver([.badGateway]) { running, _ in
            let session = try await running.signIn()
            let price = try await running.restingPrice()
            let id = try await running.call(
                "POST", "/orders/regular", session: session,
                form: try running.form(type: "LIMIT", extra: "&price=\(price)")
            ).orderID
            let answer = try await running.call("DELETE", "/orders/regular/\(id)", session: session)
            #expect(answer.status == 200)
            while running.kite.counts.count(of: .postbacksFailed) < 1 { await Task.yield() }
            #expect(running.kite.counts.count(of: .postbackRetries) == 2)
            #expect(running.kite.counts.count(of: .postbacksDelivered) == 0)
        }
    }

    @Test func `a postback can be lost on its way`() async throws {
        try await withReceiver { running, bodies in
            let session = try await running.signIn()
            let price = try await running.restingPrice()
            running.kite.faults.inject(try FaultRule(spec: "lose-update:postbacks:times=1"))
            var ids: [String] = []
            for _ in 0..<2 {
                ids.append(
                    try await running.call(
                        "POST", "/orders/regular", session: session,
                        form: try running.form(type: "LIMIT", extra: "&price=\(price)")
                    ).orderID)
            }
            for id in ids { _ = try await running.call("DELETE", "/orders/regular/\(id)", session: session) }
            #expect(try await next(bodies).at("order_id")?.string == ids[1])
        }
    }
}
