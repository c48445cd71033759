/// At most so many departures in any stretch of a length; pure.
struct PaceWindow: Sendable {
    private struct Departure {
        let ticket: UInt64
        var moment: Duration
    }

    private let count: Int
    private let length: Duration
    /// The last departures, at most `count`, earliest first.
    private var departures: [Departure] = []
    private var closedUntil: Duration = .zero

    init(_ count: Int, in length: Duration) {
        self.count = max(count, 1)
        self.length = length
    }

    /// The moments at which the next departures may be, one after the other, should each be as early as it can.
    var forecast: Forecast {
        Forecast(moments: departures.map(\.moment), count: count, length: length, closedUntil: closedUntil)
    }

    /// Notes a departure.
    mutating func depart(_ ticket: UInt64, at moment: Duration) {
        insert(Departure(ticket: ticket, moment: moment))
        if departures.count > count { departures.removeFirst() }
    }

    /// Notes that a departure was later than it was booked, such as after the making of a connection.
    mutating func correct(_ ticket: UInt64, to moment: Duration) {
        guard let index = departures.lastIndex(where: { $0.ticket == ticket }), departures[index].moment < moment
        else { return }
        departures.remove(at: index)
        insert(Departure(ticket: ticket, moment: moment))
    }

    /// Lets nothing depart before a moment.
    mutating func close(until moment: Duration) {
        closedUntil = max(closedUntil, moment)
    }

    private mutating func insert(_ departure: Departure) {
        let index = departures.lastIndex { $0.moment <= departure.moment }.map { $0 + 1 } ?? 0
        departures.insert(departure, at: index)
    }

    /// Looks ahead without changing the window.
    struct Forecast {
        fileprivate var moments: [Duration]
        fileprivate let count: Int
        fileprivate let length: Duration
        fileprivate let closedUntil: Duration

        /// The earliest moment of the next departure.
        var next: Duration {
            moments.count < count ? closedUntil : max(closedUntil, moments[moments.count - count] + length)
        }

        mutating func depart(at moment: Duration) {
            moments.append(moment)
        }
    }
}
