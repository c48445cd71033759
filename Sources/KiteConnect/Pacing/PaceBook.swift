/// Who may call Kite when: the windows, the lines of waiting calls and the day's counts; pure.
///
/// Time since a fixed moment and the Indian day go in, decisions come out. The first of a line asks again at the
/// moment it is told; the others wait until they are first.
struct PaceBook: Sendable {
    /// What becomes of a call that asks to leave.
    enum Turn: Sendable, Hashable {
        /// It leaves now; `next` has become the first of the line.
        case leave(next: UInt64?)
        /// It is the first of the line and asks again at a moment.
        case ask(at: Duration)
        /// Others are before it.
        case wait
        /// It never leaves; `next` has become the first of the line.
        case refused(PaceRefusal, next: UInt64?)
    }

    private struct Ticket {
        let id: UInt64
        let request: PaceRequest
        let entered: Duration
        let deadline: Duration
    }

    private struct DayCount {
        var day: Int64
        var orders = 0
        var changes: [String: Int] = [:]
    }

    /// A timer that is late by up to this much does not put off the departures after it.
    static let lateness = Duration.milliseconds(15)

    private let rules: KiteLimits
    private let queueLength: Int
    private var windows: [PaceRequest.Limit: PaceWindow] = [:]
    private var lines: [PaceRequest.Line: [Ticket]] = [:]
    private var underWay: [UInt64: PaceRequest] = [:]
    private var days: [String: DayCount] = [:]
    private var lastID: UInt64 = 0

    init(rules: KiteLimits, queueLength: Int) {
        self.rules = rules
        self.queueLength = queueLength
    }

    /// How many calls wait in all lines.
    var waiting: Int { lines.values.reduce(0) { $0 + $1.count } }

    /// A call asks to leave by a deadline; the number is its own from here on.
    mutating func enter(
        _ request: PaceRequest, at now: Duration, deadline: Duration, day: Int64
    ) -> (id: UInt64, turn: Turn) {
        lastID += 1
        let ticket = Ticket(id: lastID, request: request, entered: now, deadline: deadline)
        if let refusal = exhaustion(of: request, day: day) { return (ticket.id, .refused(refusal, next: nil)) }
        let line = lines[request.line] ?? []
        guard line.count < queueLength else { return (ticket.id, .refused(.queueFull, next: nil)) }
        var forecasts = forecasts(of: request)
        for other in line { Self.depart(&forecasts, notBefore: other.entered) }
        guard Self.depart(&forecasts, notBefore: now) <= deadline else {
            return (ticket.id, .refused(.tooLate, next: nil))
        }
        lines[request.line, default: []].append(ticket)
        return (ticket.id, line.isEmpty ? turn(of: ticket.id, in: request.line, at: now, day: day) : .wait)
    }

    /// A call asks again.
    mutating func turn(of id: UInt64, in line: PaceRequest.Line, at now: Duration, day: Int64) -> Turn {
        guard let ticket = lines[line]?.first, ticket.id == id else { return .wait }
        if let refusal = exhaustion(of: ticket.request, day: day) { return .refused(refusal, next: removeFirst(line)) }
        var forecasts = forecasts(of: ticket.request)
        let moment = Self.depart(&forecasts, notBefore: ticket.entered)
        if moment > now {
            return moment > ticket.deadline ? .refused(.tooLate, next: removeFirst(line)) : .ask(at: moment)
        }
        let booked = max(moment, now - Self.lateness)
        for limit in ticket.request.limits { windows[limit]?.depart(id, at: booked) }
        count(ticket.request, day: day)
        underWay[id] = ticket.request
        return .leave(next: removeFirst(line))
    }

    /// A waiting call goes away; returns what has become the first of its line by that.
    mutating func withdraw(_ id: UInt64, from line: PaceRequest.Line) -> UInt64? {
        guard let index = lines[line]?.firstIndex(where: { $0.id == id }) else { return nil }
        if index == 0 { return removeFirst(line) }
        lines[line]?.remove(at: index)
        return nil
    }

    /// A call that left is only now on its way.
    mutating func correct(_ id: UInt64, at now: Duration) {
        guard let request = underWay[id] else { return }
        for limit in request.limits { windows[limit]?.correct(id, to: now - Self.lateness) }
    }

    /// A call that left has ended; what certainly had no effect does not count towards the day.
    mutating func settle(_ id: UInt64, hadEffect: Bool) {
        guard let request = underWay.removeValue(forKey: id) else { return }
        if !hadEffect { uncount(request) }
    }

    /// Kite found that there were too many calls: their kind pauses. Returns the waiting calls that are too late now.
    mutating func pause(_ id: UInt64, at now: Duration) -> [UInt64] {
        guard let request = underWay[id] else { return [] }
        for limit in request.limits { windows[limit]?.close(until: now + rules.pause) }
        var late: [UInt64] = []
        var forecasts = forecasts(of: request)
        var kept: [Ticket] = []
        for (index, ticket) in (lines[request.line] ?? []).enumerated() {
            var attempt = forecasts
            // The first of the line has a moment at which it asks again and is told then.
            if Self.depart(&attempt, notBefore: ticket.entered) > ticket.deadline, index > 0 {
                late.append(ticket.id)
            } else {
                forecasts = attempt
                kept.append(ticket)
            }
        }
        lines[request.line] = kept.isEmpty ? nil : kept
        return late
    }

    /// Orders that Kite made beyond those that were asked for.
    mutating func addOrders(_ number: Int, account: String, day: Int64) {
        noteDay(of: account, day)
        days[account]?.orders += number
    }

    // MARK: Windows

    private mutating func forecasts(of request: PaceRequest) -> [PaceWindow.Forecast] {
        request.limits.map { limit in
            let window = windows[limit] ?? window(of: limit)
            windows[limit] = window
            return window.forecast
        }
    }

    private func window(of limit: PaceRequest.Limit) -> PaceWindow {
        switch limit {
        case .quotes: PaceWindow(rules.quotesPerSecond, in: .seconds(1) + rules.slack)
        case .candles: PaceWindow(rules.candlesPerSecond, in: .seconds(1) + rules.slack)
        case .others: PaceWindow(rules.othersPerSecond, in: .seconds(1) + rules.slack)
        case .orderSecond: PaceWindow(rules.ordersPerSecond, in: .seconds(1) + rules.slack)
        case .orderMinute: PaceWindow(rules.ordersPerMinute, in: .seconds(60) + rules.slack)
        }
    }

    @discardableResult
    private static func depart(_ forecasts: inout [PaceWindow.Forecast], notBefore: Duration) -> Duration {
        let moment = forecasts.reduce(notBefore) { max($0, $1.next) }
        for index in forecasts.indices { forecasts[index].depart(at: moment) }
        return moment
    }

    private mutating func removeFirst(_ line: PaceRequest.Line) -> UInt64? {
        lines[line]?.removeFirst()
        guard let first = lines[line]?.first else {
            lines[line] = nil
            return nil
        }
        return first.id
    }

    // MARK: Counts of the day

    private mutating func exhaustion(of request: PaceRequest, day: Int64) -> PaceRefusal? {
        let account = request.scope.account
        switch request.pacing {
        case .placement(let orders):
            noteDay(of: account, day)
            return (days[account]?.orders ?? 0) + orders > rules.ordersPerDay ? .dayExhausted : nil
        case .modification(let orderID):
            noteDay(of: account, day)
            return (days[account]?.changes[orderID] ?? 0) >= rules.changesPerOrder ? .changesExhausted : nil
        case .quote, .candles, .cancellation, .other: return nil
        }
    }

    private mutating func count(_ request: PaceRequest, day: Int64) {
        noteDay(of: request.scope.account, day)
        switch request.pacing {
        case .placement(let orders): days[request.scope.account]?.orders += orders
        case .modification(let orderID): days[request.scope.account]?.changes[orderID, default: 0] += 1
        case .quote, .candles, .cancellation, .other: break
        }
    }

    private mutating func uncount(_ request: PaceRequest) {
        guard var count = days[request.scope.account] else { return }
        switch request.pacing {
        case .placement(let orders): count.orders = max(0, count.orders - orders)
        case .modification(let orderID): count.changes[orderID] = max(0, (count.changes[orderID] ?? 0) - 1)
        case .quote, .candles, .cancellation, .other: return
        }
        days[request.scope.account] = count
    }

    private mutating func noteDay(of account: String, _ day: Int64) {
        if days[account]?.day != day { days[account] = DayCount(day: day) }
    }
}
