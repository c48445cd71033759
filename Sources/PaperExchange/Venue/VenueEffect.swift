import Trading

/// Something that a venue did to an order on its own book: what a record of the truth is made of.
package struct VenueEffect: Sendable, Hashable {
    /// What was done.
    package enum Kind: String, Sendable, Hashable {
        case placement
        case modification
        case cancellation
    }

    /// What was done.
    package let kind: Kind
    /// The terms as asked for; of placements only.
    package let asked: OrderRequest?
    /// The order once the request that did it was through: a placement may be filled or rejected by then.
    package let order: VenueOrder
    /// The number of the app whose trigger or alert placed the order; nil where a request placed it.
    package var firedAppID: Int?
}

/// Hears of every effect within the task that brought it about, in the venue's isolation.
package typealias VenueEffectObserver = @Sendable (VenueEffect) -> Void
