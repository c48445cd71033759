import Trading

/// What a trigger has to satisfy when it is made or changed.
package enum GTTRules {
    /// How far from the last price a value has to lie at least; not as near as that.
    package enum Distance: Sendable, Hashable {
        case basisPoints(Int64)
        case amount(Price)

        func isExceeded(by distance: Int64, last: Int64) -> Bool {
            switch self {
            // A value may lie anywhere, so that only the last price is multiplied.
            case .basisPoints(let points): distance > last * points / 10_000
            case .amount(let amount): distance > amount.tenThousandths
            }
        }
    }

    /// Active triggers an account may have. Source: Kite Connect, order limits.
    static let activeLimit = 500

    /// A quarter of a percent, nine paise up to a price of ₹50. Source: the broker's support pages on GTT.
    static func least(last: Int64) -> Distance {
        last > 500_000 ? .basisPoints(25) : .amount(Price(paise: 9))
    }

    /// Whether each value is to be reached from below.
    static func rising(_ request: GTTRequest, last: Int64) -> [Bool] {
        switch request.legs {
        case .twoLeg: return [false, true]
        case .single(let leg):
            let known = request.lastPrice.tenThousandths
            let trigger = leg.triggerValue.tenThousandths
            return [trigger > (known == trigger ? last : known)]
        }
    }

    /// Values against the last price: above zero, in order, far enough, not yet reached.
    static func checkValues(_ request: GTTRequest, last: Int64) throws(GTTRefusal) {
        let values = request.legs.all.map(\.triggerValue.tenThousandths)
        for (leg, value) in values.enumerated() where value <= 0 { throw .triggerNotPositive(leg: leg) }
        if case .twoLeg = request.legs, values[0] >= values[1] { throw .triggersOutOfOrder }
        let least = least(last: last)
        let rising = rising(request, last: last)
        for (leg, value) in values.enumerated() {
            guard least.isExceeded(by: abs(value - last), last: last) else {
                throw .triggerTooClose(leg: leg, least: least)
            }
            guard rising[leg] == (value > last) else {
                throw .triggerAlreadyMet(leg: leg, lastPrice: Price(tenThousandths: last))
            }
        }
    }

    /// The kinds of orders that a trigger sends out. Source: Kite Connect, GTT.
    static func checkOrders(_ request: GTTRequest) throws(GTTRefusal) {
        let legs = request.legs.all
        for (place, leg) in legs.enumerated() {
            guard leg.order.instrument == request.instrument else { throw .instrumentDiffers(leg: place) }
            guard !leg.order.type.needsTrigger else { throw .orderTypeNotOffered(leg: place, leg.order.type) }
            guard leg.order.product != .intraday else { throw .productNotOffered(leg: place, .intraday) }
        }
        if legs.count == 2, request.instrument.exchange.isCash, legs.contains(where: { $0.order.side == .buy }) {
            throw .buyTwoLegOutsideDerivatives
        }
    }

    /// A year later by the calendar; the end of February where the year has no such day.
    static func expiry(from now: Timestamp) -> Timestamp {
        let (date, second) = now.indian
        let (year, month, day) = date.components
        let later =
            CalendarDate(year: year + 1, month: month, day: day)
            ?? CalendarDate(daysSinceEpoch: date.daysSinceEpoch + 365)
        return Timestamp(indianDate: later, secondOfDay: second)
    }
}
