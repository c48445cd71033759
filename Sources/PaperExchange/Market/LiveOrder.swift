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
        var disclosed: Int64 = 0
        /// In ten-thousandths; nil where the order has none.
        var price: Int64?
        var trigger: Int64?
        var protection: Int64?
        var isModified = false

        var remaining: Int64 { status.isTerminal ? 0 : quantity - filled }
    }

    /// What an order is to others of the same request.
    enum Role: Sendable {
        case alone
        /// `next` is the leg that followed it.
        case iceberg(IcebergLeg, next: Int?)
        /// The first leg of a cover order; `exit` is its stop loss, from the first fill on.
        case coverEntry(exit: Int?)
        /// The stop loss of a cover order.
        case coverExit(entry: Int)
    }

    let number: Int64
    let account: Int
    /// Where the account keeps the position.
    let entry: Int
    let slot: Int
    let request: VenueOrderRequest
    let placedTime: Timestamp
    var exchangeNumber: Int64?
    private(set) var registeredTime: Timestamp?
    var protectionAsked: MarketProtection?
    var modifications = 0
    var role = Role.alone
    /// When a validity in minutes ends; nil where it has none or does not run yet.
    var deadline: Timestamp?
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
        let hasTrigger = terms.type.needsTrigger || request.variety == .cover
        state = State(
            time: now, type: terms.type, timeInForce: terms.timeInForce, quantity: terms.quantity.units,
            disclosed: terms.disclosedQuantity?.units ?? 0,
            price: terms.type.needsPrice ? terms.price?.tenThousandths : nil,
            trigger: hasTrigger ? terms.triggerPrice?.tenThousandths : nil)
    }

    var side: Side { request.terms.side }

    /// Whether what becomes of it concerns other orders.
    var hasCompanions: Bool { if case .alone = role { false } else { true } }

    /// Which leg of an iceberg order it is; nil for other orders.
    var icebergLeg: IcebergLeg? { if case .iceberg(let leg, _) = role { leg } else { nil } }

    var isCoverEntry: Bool { if case .coverEntry = role { true } else { false } }

    var isCoverExit: Bool { if case .coverExit = role { true } else { false } }

    /// Moves to a status and keeps the state; what came before the first one kept follows from it.
    mutating func become(_ status: VenueOrderStatus, at now: Timestamp, message: String? = nil) {
        state.status = status
        state.message = message
        state.time = now
        if exchangeNumber != nil {
            registeredTime = registeredTime ?? now
            state.exchangeTime = now
        }
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
        func addChecks(before state: State) {
            add(.validationPending, before: state)
            if state.status != .rejected { add(.openPending, before: state) }
        }
        if var first = states.first, first.status != .afterMarketReceived {
            first.time = placedTime
            first.exchangeTime = nil
            add(.putReceived, before: first)
            addChecks(before: first)
        }
        var isWaiting = false
        for state in states {
            if state.status == .modified {
                add(.modifyValidationPending, before: state)
                add(.modifyPending, before: state)
            }
            if isWaiting, [.open, .triggerPending, .rejected].contains(state.status) {
                var step = state
                step.exchangeTime = nil
                addChecks(before: step)
            }
            isWaiting = state.status == .afterMarketReceived
            history.append(state)
        }
        return history
    }
}
