import PaperExchange
import Synchronization
import Trading

/// Posts a JSON body to an address and gives the HTTP status; does not follow redirects and gives up in time.
package typealias PostbackTransport = @Sendable (_ url: String, _ body: [UInt8]) async throws -> Int

/// How postbacks are sent. The broker does not document its own ways.
package struct PostbackOptions: Sendable, Hashable {
    /// Postbacks of an app that may wait; those beyond are dropped and counted.
    package var queueLimit = 1_000
    /// How often one is tried in all; an answer from 200 to 299 ends it.
    package var attempts = 3
    /// The time before the second attempt, doubled before each further one.
    package var pause: Duration = .seconds(1)

    /// The defaults.
    package init() {}
}

/// Posts news of orders to the addresses of the apps that placed them, each app's in order and apart from the others.
final class PostbackDesk: Sendable {
    private struct Box: Sendable {
        let app: SimulatorConfiguration.App
        let appID: Int
        let url: String
        let bodies: AsyncStream<[UInt8]>
        let sink: AsyncStream<[UInt8]>.Continuation
    }

    private let boxes: [String: Box]
    private let options: PostbackOptions
    private let ledger: Ledger
    private let counts: RequestCounts
    private let faults: Faults
    private let clock: WallClock
    private let transport: PostbackTransport?
    private let queue = Mutex(UpdateQueue())

    init(
        configuration: SimulatorConfiguration, ledger: Ledger, counts: RequestCounts, faults: Faults,
        clock: @escaping WallClock, transport: PostbackTransport?
    ) {
        options = configuration.postbacks
        self.ledger = ledger
        self.counts = counts
        self.faults = faults
        self.clock = clock
        self.transport = transport
        var boxes: [String: Box] = [:]
        for (place, app) in configuration.apps.enumerated() where transport != nil {
            guard let url = app.postbackURL else { continue }
            let (bodies, sink) = AsyncStream.makeStream(
                of: [UInt8].self, bufferingPolicy: .bufferingOldest(options.queueLimit))
            boxes[app.apiKey] = Box(app: app, appID: place + 1, url: url, bodies: bodies, sink: sink)
        }
        self.boxes = boxes
    }

    /// Queues an update for the app that placed its order; nobody waits for its delivery.
    func take(_ update: VenueOrderUpdate) {
        guard !boxes.isEmpty else { return }
        let fault = faults.take(for: .postbacks)
        let now = clock()
        for update in queue.withLock({ $0.accept(update, fault, at: now) }) { enqueue(update) }
    }

    /// Queues what was held back long enough.
    func release() {
        guard !boxes.isEmpty else { return }
        let now = clock()
        for update in queue.withLock({ $0.due(at: now) }) { enqueue(update) }
    }

    /// Delivers until the task is cancelled.
    func run() async {
        guard let transport else { return }
        await withDiscardingTaskGroup { group in
            for box in boxes.values {
                group.addTask {
                    for await body in box.bodies { await self.deliver(body, to: box.url, transport) }
                }
            }
        }
    }

    private func enqueue(_ update: VenueOrderUpdate) {
        guard let app = ledger.app(ofOrder: update.order.id), let box = boxes[app] else { return }
        let body = OrderMessage.postback(update, app: box.app, appID: box.appID)
        if case .dropped = box.sink.yield(body) { counts.add(.postbacksDropped) }
    }

    private func deliver(_ body: [UInt8], to url: String, _ transport: PostbackTransport) async {
        var pause = options.pause
        for attempt in 1...max(1, options.attempts) {
            if attempt > 1 {
                counts.add(.postbackRetries)
                do { try await Task.sleep(for: pause) } catch { return }
                pause *= 2
            }
            // A receiver that cannot be reached is tried again like one that refuses.
            if let status = try? await transport(url, body), (200...299).contains(status) {
                counts.add(.postbacksDelivered)
                return
            }
            if Task.isCancelled { return }
        }
        counts.add(.postbacksFailed)
    }
}
