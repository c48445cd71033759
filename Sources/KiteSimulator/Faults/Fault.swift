import Trading

extension Faults {
    /// What goes wrong.
    package enum Fault: Sendable, Hashable {
        // MARK: With a request

        /// The connection is kept and nothing ever comes.
        case stopAnswering(Moment)
        /// The connection is closed without an answer.
        case dropConnection(Moment)
        /// An error in Kite's envelope.
        case status(Int, Moment)
        /// An HTML page, as a proxy in between answers.
        case page(Int, Moment)
        /// The answer takes its time, otherwise all is well.
        case delay(Duration)
        /// The request has its effect at once, the answer takes its time.
        case delayAnswer(Duration)
        /// The answer's status and headers, but only half of its JSON.
        case truncateAnswer
        /// The answer ends in the middle: fewer bytes than were announced, then the connection closes.
        case cutAnswer
        /// 200 without a body.
        case emptyAnswer(Moment)
        /// A success whose data is an empty object.
        case bareAnswer
        /// A refusal in answer to a request that had its effect.
        case falseRefusal(FalseRefusal)
        /// Requests are refused and connections closed, the ticker's too.
        case outage

        // MARK: With a reading of the book

        /// Orders younger than this are in neither the book nor the history.
        case hideOrders(Duration)
        /// Book, trades and positions as they were so long ago.
        case staleBook(Duration)

        // MARK: With an order update

        /// It is never sent.
        case loseUpdate
        /// It is sent twice.
        case duplicateUpdate
        /// It is sent after the next one, or after a second where none comes.
        case reorderUpdate
        /// It is sent so much later.
        case delayUpdate(Duration)

        // MARK: With a round of a ticker connection

        /// Neither ticks nor heartbeats; the connection stays open.
        case silentTicker
        /// A frame that is no tick, besides the right ones; nil takes any kind.
        case garbageFrame(GarbageFrame?)
        /// The connection is closed in good order.
        case closeTicker
        /// The connection is cut without a closing handshake.
        case killTicker

        // MARK: With the clock

        /// The exchange's clock is so far ahead; negative ones are behind.
        case clockSkew(Duration)
    }

    /// When it goes wrong.
    package enum Moment: String, Sendable, Hashable {
        /// The request has no effect.
        case beforeEffect = "before"
        /// The request has its effect, only the answer is lost.
        case afterEffect = "after"
    }

    /// How a request that had its effect is refused. Source: answers that clients of Kite have reported.
    package enum FalseRefusal: String, Sendable, Hashable, CaseIterable {
        /// `InputException`
        case input
        /// `OrderException`
        case order
        /// `OrderException` that says that the request took too long.
        case timeout
        /// `NetworkException` that says that the order system cannot be reached.
        case network

        var refusal: KiteRefusal {
            switch self {
            case .input:
                KiteRefusal(status: 400, kind: .input, message: "Invalid request. Please try again.")
            case .order:
                KiteRefusal(status: 400, kind: .order, message: "Order request failed. Please try again.")
            case .timeout:
                KiteRefusal(
                    status: 400, kind: .order,
                    message: "Order request timed out. Please check the order book before placing the order again.")
            case .network:
                KiteRefusal(
                    status: 503, kind: .network,
                    message: "Gateway timed out. Please check the order book and try again.")
            }
        }
    }

    /// What a fault acts on.
    enum Family: Hashable {
        case request
        case view
        case update
        case ticker
        case clock
    }

    /// Which requests, updates or connections it goes wrong with.
    package enum Scope: Sendable, Hashable {
        /// All that the fault can act on; of updates, those on the ticker.
        case everything
        /// Placements.
        case placing
        /// Placements, modifications and cancellations.
        case orderChanges
        /// Calls whose path begins so, whatever the method.
        case path(String)
        /// Handshakes of the ticker, and its connections.
        case ticker
        /// The ticker's connection of this number, counted from 1 since the start.
        case connection(UInt64)
        /// Updates on their way to an app's registered address.
        case postbacks
    }

    /// A request as far as a scope tells it.
    struct Subject: Sendable {
        let path: String
        let isPlacing: Bool
        let isOrderChange: Bool
        var isTicker = false
        var isReading = false
    }

    /// What goes wrong with one request.
    struct RequestFaults: Sendable {
        /// What becomes of the request and its answer.
        var answer: Fault?
        /// How a reading of the book is falsified.
        var view = BookView()
    }

    /// Where an update is on its way to.
    enum Channel: Hashable {
        case ticker
        case postbacks
    }
}

/// The order book as a request gets to see it.
struct BookView: Sendable, Hashable {
    /// Orders younger than this are left out.
    var hidden: Duration?
    /// How old the picture is.
    var age: Duration?

    /// Whether all is shown as it is.
    var isTrue: Bool { hidden == nil && age == nil }
}

extension Faults.Fault {
    var family: Faults.Family {
        switch self {
        case .hideOrders, .staleBook: .view
        case .loseUpdate, .duplicateUpdate, .reorderUpdate, .delayUpdate: .update
        case .silentTicker, .garbageFrame, .closeTicker, .killTicker: .ticker
        case .clockSkew: .clock
        default: .request
        }
    }

    /// Whether a request that meets it has its effect at the venue.
    var hasEffect: Bool {
        switch self {
        case .stopAnswering(let moment), .dropConnection(let moment), .status(_, let moment), .page(_, let moment),
            .emptyAnswer(let moment):
            moment == .afterEffect
        case .outage: false
        default: true
        }
    }

    /// Whether an answer goes out at all.
    var sendsAnswer: Bool {
        switch self {
        case .stopAnswering, .dropConnection, .outage: false
        default: true
        }
    }
}

extension Faults.Scope {
    /// Whether a rule of this scope can ever apply to a fault of a family.
    func fits(_ family: Faults.Family) -> Bool {
        switch (self, family) {
        case (.everything, _): true
        case (.placing, .request), (.orderChanges, .request), (.path, .request), (.path, .view): true
        case (.ticker, .request), (.ticker, .ticker), (.ticker, .update), (.connection, .ticker): true
        case (.postbacks, .update): true
        default: false
        }
    }

    func covers(_ subject: Faults.Subject) -> Bool {
        switch self {
        case .everything: true
        case .placing: subject.isPlacing
        case .orderChanges: subject.isOrderChange
        case .path(let prefix): subject.path.hasPrefix(prefix)
        case .ticker: subject.isTicker
        case .connection, .postbacks: false
        }
    }

    func covers(_ channel: Faults.Channel) -> Bool {
        switch self {
        case .everything, .ticker: channel == .ticker
        case .postbacks: channel == .postbacks
        default: false
        }
    }

    func covers(connection: UInt64) -> Bool {
        switch self {
        case .everything, .ticker: true
        case .connection(let number): number == connection
        default: false
        }
    }
}
