/// How one state of an order stands to another of the same order.
///
/// Kite numbers nothing: messages repeat, overtake one another and come over every connection. What can be relied on:
/// a final state stays; the filled quantity grows, but for a trade that is annulled, which comes with a later time; the
/// exchange's time of the last change does not go back. The order's own timestamp is no help, since the book and the
/// messages do not mean the same by it. Source: Kite Connect v3, postbacks and orders.
enum OrderAge: Sendable, Hashable {
    /// Says nothing that the other does not say.
    case same
    /// Came about later.
    case newer
    /// Came about earlier.
    case older
    /// Both may be the later one: same second, or times that are missing.
    case undecided

    /// Judges a candidate against the state that is known.
    init(_ candidate: KiteOrder, comparedTo known: KiteOrder) {
        if candidate.saysNothingNew(to: known) {
            self = .same
        } else if candidate.status.isFinal != known.status.isFinal {
            self = candidate.status.isFinal ? .newer : .older
        } else if candidate.filledQuantity > known.filledQuantity {
            self = .newer
        } else if candidate.filledQuantity < known.filledQuantity {
            self = candidate.changedLater(than: known) == true ? .newer : .older
        } else {
            switch candidate.changedLater(than: known) {
            case true?: self = .newer
            // The word of the state instead of a mere change, and nothing else.
            case false?: self = known.status == .update && known.saysNothingNew(to: candidate) ? .same : .older
            case nil: self = .undecided
            }
        }
    }
}

extension KiteOrder {
    /// Whether the exchange's time is later; nil when it is the same second or one is missing.
    fileprivate func changedLater(than other: KiteOrder) -> Bool? {
        guard let mine = exchangeUpdateTimestamp, let theirs = other.exchangeUpdateTimestamp, mine != theirs else {
            return nil
        }
        return mine > theirs
    }

    /// `UPDATE` is no state of its own: it says that something else changed.
    fileprivate func saysNothingNew(to known: KiteOrder) -> Bool {
        let isSameStatus = status == known.status || (status == .update && !known.status.isFinal)
        return isSameStatus && filledQuantity == known.filledQuantity && quantity == known.quantity
            && pendingQuantity == known.pendingQuantity && cancelledQuantity == known.cancelledQuantity
            && averagePrice == known.averagePrice && price == known.price && triggerPrice == known.triggerPrice
            && disclosedQuantity == known.disclosedQuantity && orderType == known.orderType
            && validity == known.validity && product == known.product
            && (exchangeOrderID ?? known.exchangeOrderID) == known.exchangeOrderID
            && (statusMessage ?? known.statusMessage) == known.statusMessage
    }

    /// What tells one message about this order from another; the same over every connection.
    var contentHash: Int {
        var hasher = Hasher()
        hasher.combine(status)
        hasher.combine(quantity)
        hasher.combine(filledQuantity)
        hasher.combine(pendingQuantity)
        hasher.combine(cancelledQuantity)
        hasher.combine(averagePrice)
        hasher.combine(price)
        hasher.combine(triggerPrice)
        hasher.combine(disclosedQuantity)
        hasher.combine(orderType)
        hasher.combine(validity)
        hasher.combine(product)
        hasher.combine(exchangeOrderID)
        hasher.combine(exchangeUpdateTimestamp)
        hasher.combine(orderTimestamp)
        hasher.combine(statusMessage)
        return hasher.finalize()
    }
}
