import Trading

/// What is to be done once an instrument's last price comes to a value. Source: Kite Connect, GTT.
package struct GTTRequest: Sendable, Hashable {
    /// A value and the order that goes out when the last price reaches or crosses it.
    package struct Leg: Sendable, Hashable {
        /// The value of the last price.
        package var triggerValue: Price
        /// The order: a limit order, or a market order with a protection; always for the day.
        package var order: OrderRequest

        /// Puts a leg together.
        package init(triggerValue: Price, order: OrderRequest) {
            self.triggerValue = triggerValue
            self.order = order
        }
    }

    /// One value, or two of which the first that is reached ends the other.
    package enum Legs: Sendable, Hashable {
        case single(Leg)
        /// A value below the last price and one above.
        case twoLeg(lower: Leg, upper: Leg)

        /// The legs in the order of their values.
        package var all: [Leg] {
            switch self {
            case .single(let leg): [leg]
            case .twoLeg(let lower, let upper): [lower, upper]
            }
        }
    }

    /// The instrument whose last price is watched and that the orders trade.
    package var instrument: InstrumentID
    /// The last price as the sender knew it; the side on which a value lies decides from where it is to be reached.
    package var lastPrice: Price
    /// Values and orders.
    package var legs: Legs
    /// The number of the app that sent it.
    package var appID: Int

    /// Puts a request together.
    package init(instrument: InstrumentID, lastPrice: Price, legs: Legs, appID: Int = 0) {
        self.instrument = instrument
        self.lastPrice = lastPrice
        self.legs = legs
        self.appID = appID
    }
}

/// A trigger that waits for a price, or what became of it.
package struct GTT: Sendable, Hashable {
    /// Where it stands. Triggered does not mean traded.
    package enum Status: Sendable, Hashable, CaseIterable {
        case active
        case triggered
        case expired
        case deleted
    }

    /// How it fired.
    package struct Firing: Sendable, Hashable {
        /// The leg that fired, 0 or 1.
        package let leg: Int
        /// The last price that set it off.
        package let price: Price
        /// When.
        package let time: Timestamp
        /// What became of the order.
        package let outcome: FiringOutcome
    }

    /// Its number; numbers grow.
    package let id: Int64
    /// The account it belongs to.
    package let account: String
    /// What is to be done.
    package internal(set) var request: GTTRequest
    /// Where it stands.
    package internal(set) var status: Status = .active
    /// When it was made.
    package let createdTime: Timestamp
    /// When it last changed.
    package internal(set) var updatedTime: Timestamp
    /// When it ends by itself.
    package let expiryTime: Timestamp
    /// How it fired; nil until then.
    package internal(set) var firing: Firing?
}

/// What became of an order that a trigger or an alert sent out.
package enum FiringOutcome: Sendable, Hashable {
    /// The order was taken; its number.
    case placed(orderID: String)
    /// The order was refused; without a number where it never became one.
    case failed(orderID: String?, reason: String)
}
