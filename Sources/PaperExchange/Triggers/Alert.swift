import Trading

/// Something with a last price that an alert compares.
package enum AlertSubject: Sendable, Hashable {
    /// An index by its display name.
    case index(String)
    /// A listed instrument.
    case instrument(InstrumentID)
}

/// When an alert fires.
package struct AlertCondition: Sendable, Hashable {
    /// How the sides are compared.
    package enum Comparison: String, Sendable, Hashable, CaseIterable {
        case atMost = "<="
        case atLeast = ">="
        case below = "<"
        case above = ">"
        case equal = "=="

        /// Whether it holds for two prices.
        package func holds(_ left: Price, _ right: Price) -> Bool {
            switch self {
            case .atMost: left <= right
            case .atLeast: left >= right
            case .below: left < right
            case .above: left > right
            case .equal: left == right
            }
        }
    }

    /// What a last price is compared with.
    package enum Reference: Sendable, Hashable {
        case constant(Price)
        /// The last price of something else.
        case subject(AlertSubject)
    }

    /// Whose last price it is about.
    package var subject: AlertSubject
    /// How it is compared.
    package var comparison: Comparison
    /// What it is compared with.
    package var reference: Reference

    /// Puts a condition together.
    package init(_ subject: AlertSubject, _ comparison: Comparison, _ reference: Reference) {
        self.subject = subject
        self.comparison = comparison
        self.reference = reference
    }
}

/// What somebody wants to be told of, and what is to be done then. Source: Kite Connect, alerts.
package struct AlertRequest: Sendable, Hashable {
    /// An order of a basket.
    package struct Item: Sendable, Hashable {
        /// The order.
        package var order: VenueOrderRequest
        /// Its share of the basket as the sender counts it; kept for the record.
        package var weight: Int64

        /// Puts an item together.
        package init(order: VenueOrderRequest, weight: Int64 = 0) {
            self.order = order
            self.weight = weight
        }
    }

    /// What the user calls it.
    package var name: String
    /// When it fires.
    package var condition: AlertCondition
    /// The orders that go out when it fires; nil for one that only tells.
    package var basket: [Item]?
    /// The number of the app that sent it.
    package var appID: Int

    /// Puts a request together.
    package init(name: String, condition: AlertCondition, basket: [Item]? = nil, appID: Int = 0) {
        self.name = name
        self.condition = condition
        self.basket = basket
        self.appID = appID
    }
}

/// An alert and what became of it.
package struct Alert: Sendable, Hashable {
    /// Where it stands. One that has fired is disabled until it is changed.
    package enum Status: String, Sendable, Hashable, CaseIterable {
        case enabled
        case disabled
        case deleted
    }

    /// One market as it stood when an alert fired.
    package struct Snapshot: Sendable, Hashable {
        /// What it is the market of.
        package let subject: AlertSubject
        /// The market.
        package let quote: Quote
    }

    /// An order that an alert sent out.
    package struct Placement: Sendable, Hashable {
        /// The order.
        package let order: VenueOrderRequest
        /// What became of it.
        package let outcome: FiringOutcome
    }

    /// One time it fired.
    package struct Firing: Sendable, Hashable {
        /// The condition as it was then.
        package let condition: AlertCondition
        /// The markets that the condition is about.
        package let snapshots: [Snapshot]
        /// When.
        package let time: Timestamp
        /// The orders; nil where the alert only tells.
        package let placements: [Placement]?
    }

    /// Its name for the machine.
    package let uuid: String
    /// The account it belongs to.
    package let account: String
    /// What it is about.
    package internal(set) var request: AlertRequest
    /// The numbers of the basket's items, in their order.
    package internal(set) var itemIDs: [Int64]
    /// Where it stands.
    package internal(set) var status: Status = .enabled
    /// How often it has fired.
    package internal(set) var count = 0
    /// When it was made.
    package let createdTime: Timestamp
    /// When it last changed.
    package internal(set) var updatedTime: Timestamp
}
