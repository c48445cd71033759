import Trading

extension Market {
    /// Moves the market by one step. Costs nothing for instruments without orders; nothing moves while it is closed.
    mutating func advance(at now: Timestamp) {
        guard hours.isAnyOpen(at: now) else { return }
        nextStep(at: now)
        endTimedOrders(at: now)
        releaseWaiting(at: now)
        var kept: [Int] = []
        kept.reserveCapacity(active.count)
        let visited = active
        for slot in visited {
            if hours.isOpen(states[slot].terms.exchange, at: now) {
                refresh(slot, at: now)
                matchResting(slot, at: now)
                triggerStops(slot, at: now)
            }
            if states[slot].hasOrders { kept.append(slot) } else { states[slot].isActive = false }
        }
        // Stops may have brought orders into instruments that were not visited.
        active = kept + active.dropFirst(visited.count)
    }

    private mutating func endTimedOrders(at now: Timestamp) {
        guard timed.contains(where: { $0.deadline <= now }) else { return }
        let due = timed.filter { $0.deadline <= now }
        timed.removeAll { $0.deadline <= now }
        for (order, _) in due where !orders[order].state.status.isTerminal {
            withdraw(order)
            end(order, at: now, "The order was cancelled: its validity is over.")
            touch(orders[order].slot, at: now)
        }
    }
}
