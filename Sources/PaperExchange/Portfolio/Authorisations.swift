import Trading

/// Shares that their owner has let go out of the demat account, for one session.
///
/// A session ends at 17:30 Indian time; what is authorised later counts for the next day. Source: Kite Connect,
/// holdings authorisation.
struct Authorisations: Sendable {
    private struct Grant {
        var quantity: Quantity
        let session: CalendarDate
    }

    private var grants: [InstrumentID: Grant] = [:]

    /// The session in which an authorisation of this moment counts.
    static func session(at now: Timestamp) -> CalendarDate {
        let (date, second) = now.indian
        return second < 17 * 3_600 + 1_800 ? date : date.adding(days: 1)
    }

    /// Lets units go on top of those that may go already, up to as many as are held.
    mutating func authorise(_ quantity: Quantity, of instrument: InstrumentID, held: Quantity, at now: Timestamp) {
        let session = Self.session(at: now)
        let before = grants[instrument].flatMap { $0.session == session ? $0.quantity : nil } ?? 0
        grants[instrument] = Grant(quantity: min(before + quantity, held), session: session)
    }

    /// Units that are authorised on a day.
    func quantity(of instrument: InstrumentID, on day: CalendarDate) -> Quantity {
        guard let grant = grants[instrument], grant.session == day else { return 0 }
        return grant.quantity
    }

    /// The day of the last authorisation; nil where there never was one.
    func day(of instrument: InstrumentID) -> CalendarDate? { grants[instrument]?.session }
}
