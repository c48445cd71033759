import Trading

/// An order as the market keeps it: numbers for names, and every state it was in.
struct LiveOrder: Sendable {
    /// The part that changes.
    struct State: Sendable, Hashable {
        var status: VenueOrderStatus = .putReceived
        var message: String?
        var time: Timestamp
        var exchangeTime: Timestamp?
        var type: OrderType
        var timeInForce: TimeInForce
        var quantity: Int64
        var filled: Int64 = 0
        var filledValue: Int64 = 0
        var cancelled: Int64 = 0
        /// In ten-thousandths; nil where the order has none.
        var price: Int64?
        var trigger: Int64?
        var protection: Int64?
        var isModified = false

        var remaining: Int64 { status.isTerminal ? 0 : quantity - filled }
    }

    let number: Int64
    let account: Int
    /// Where the account keeps the position.
    let entry: Int
    let slot: Int
    let request: VenueOrderRequest
    let placedTime: Timestamp
    var exchangeNumber: Int64?
    var protectionAsked: MarketProtection?
    var modifications = 0
    var state: State
    /// Units and price that the account has counted as waiting.
    var counted: (quantity: Int64, price: Int64) = (0, 0)
    private(set) var states: [State] = []

    init(
        number: Int64, account: Int, entry: Int, slot: Int, request: VenueOrderRequest, now: Timestamp
    ) {
        let terms = request.terms
        self.number = number
        self.account = account
        self.entry = entry
        self.slot = slot
        self.request = request
        placedTime = now
        protectionAsked = terms.marketProtection
        state = State(
            time: now, type: terms.type, timeInForce: terms.timeInForce, quantity: terms.quantity.units,
            price: terms.type.needsPrice ? terms.price?.tenThousandths : nil,
            trigger: terms.type.needsTrigger ? terms.triggerPrice?.tenThousandths : nil)
    }

    var side: Side { request.terms.side }

    /// Moves to a status and keeps the state; what came before the first one kept follows from it.
    mutating func become(_ status: VenueOrderStatus, at now: Timestamp, message: String? = nil) {
        state.status = status
        state.message = message
        state.time = now
        if exchangeNumber != nil { state.exchangeTime = now }
        states.append(state)
    }

    /// Every state with the interim steps that take no time here. Source: Kite Connect, typical order histories.
    var fullHistory: [State] {
        var history: [State] = []
        func add(_ status: VenueOrderStatus, before state: State) {
            var step = state
            step.status = status
            step.message = nil
            history.append(step)
        }
        if var first = states.first {
            first.time = placedTime
            first.exchangeTime = nil
            add(.putReceived, before: first)
            add(.validationPending, before: first)
            if first.status != .rejected { add(.openPending, before: first) }
        }
        for state in states {
            if state.status == .modified {
                add(.modifyValidationPending, before: state)
                add(.modifyPending, before: state)
            }
            history.append(state)
        }
        return history
    }
}
