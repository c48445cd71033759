import JSON

/// Why a description of a fault is not understood, in one sentence.
package struct FaultSpecError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The part that is wrong: `fault`, `value`, `scope`, `times`, `skip`, `probability`, `seed`, `for`, `moment` or a
    /// name that is none of these.
    package let field: String
    /// What is wrong and what would be right.
    package let description: String
}

extension FaultRule {
    /// Reads `FAULT[=VALUE][:SCOPE][:times=N][:skip=N][:probability=P][:seed=N][:for=DURATION][:moment=before|after]`.
    ///
    /// A scope is `everything`, `placing`, `order-changes`, `ticker`, `ticker/N`, `postbacks` or a path that begins
    /// with a slash. A duration is a number with `ms`, `s` or `m`.
    package init(spec: String) throws(FaultSpecError) {
        var fields: [String: String] = [:]
        let parts = spec.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        for (place, part) in parts.enumerated() {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if place == 0 {
                fields["fault"] = sides[0]
                if sides.count == 2 { fields["value"] = sides[1] }
                continue
            }
            let (name, value) = sides.count == 2 ? (sides[0], sides[1]) : ("scope", part)
            guard name != "fault", name != "value", fields[name] == nil else {
                throw FaultSpecError(field: name, description: "The fault \(spec) gives its \(name) twice.")
            }
            fields[name] = value
        }
        try self.init(fields: fields)
    }

    /// Reads a JSON object with the members `fault`, `value`, `scope`, `times`, `skip`, `probability`, `seed`, `for`
    /// and `moment`, each as text or a number, or with `spec` alone.
    package init(json object: JSONObject) throws(FaultSpecError) {
        if let spec = object["spec"] {
            guard let text = spec.string, object.members.count == 1 else {
                throw FaultSpecError(field: "spec", description: "spec has to be a text and stand alone.")
            }
            try self.init(spec: text)
            return
        }
        var fields: [String: String] = [:]
        for member in object.members where !member.value.isNull {
            guard let text = member.value.string ?? member.value.number?.text else {
                throw FaultSpecError(
                    field: member.name,
                    description: "\(member.name) has to be a text or a number, not \(member.value.kind).")
            }
            fields[member.name] = text
        }
        try self.init(fields: fields)
    }

    private init(fields: [String: String]) throws(FaultSpecError) {
        if let unknown = fields.keys.filter({ !Self.names.contains($0) }).min() {
            throw FaultSpecError(
                field: unknown,
                description: "\(unknown) is not known; take one of \(Self.names.joined(separator: ", ")).")
        }
        let name = fields["fault"] ?? ""
        let reader = FaultFields(name: name, fields: fields)
        let fault = try reader.fault()
        self.init(fault, scope: try reader.scope(for: fault))
        times = try reader.count("times", atLeast: 1)
        skip = try reader.count("skip", atLeast: 0) ?? 0
        seed = try reader.number("seed", UInt64.self, "a whole number") ?? 1
        duration = try reader.duration("for")
        if let chance = try reader.number("probability", Double.self, "more than 0 and at most 1") {
            guard chance > 0, chance <= 1 else { throw reader.wrong("probability", "more than 0 and at most 1") }
            probability = chance
        }
    }

    private static let names = [
        "fault", "value", "scope", "times", "skip", "probability", "seed", "for", "moment",
    ]

    /// The rule as `init(spec:)` reads it.
    package var spec: String {
        var parts = [fault.specText]
        if scope != .everything { parts.append(scope.specText) }
        if let times { parts.append("times=\(times)") }
        if skip > 0 { parts.append("skip=\(skip)") }
        if probability < 1 { parts.append("probability=\(probability)") }
        if seed != 1 { parts.append("seed=\(seed)") }
        if let duration { parts.append("for=\(duration.specText)") }
        if let moment = fault.statedMoment { parts.append("moment=\(moment.rawValue)") }
        return parts.joined(separator: ":")
    }
}

/// The parts of a fault's description, read one by one.
private struct FaultFields {
    let name: String
    let fields: [String: String]

    func wrong(_ field: String, _ right: String) -> FaultSpecError {
        FaultSpecError(
            field: field, description: "The \(field) \(fields[field] ?? "") of the fault \(name) has to be \(right).")
    }

    func count(_ field: String, atLeast least: Int) throws(FaultSpecError) -> Int? {
        let right = "a whole number of at least \(least)"
        guard let count = try number(field, Int.self, right) else { return nil }
        guard count >= least else { throw wrong(field, right) }
        return count
    }

    func number<Number: LosslessStringConvertible>(
        _ field: String, _ type: Number.Type, _ right: String
    ) throws(FaultSpecError) -> Number? {
        guard let text = fields[field] else { return nil }
        guard let number = Number(text) else { throw wrong(field, right) }
        return number
    }

    func duration(_ field: String) throws(FaultSpecError) -> Duration? {
        guard let text = fields[field] else { return nil }
        guard let duration = Duration(spec: text), duration > .zero else {
            throw wrong(field, "a duration such as 2s, 250ms or 1m")
        }
        return duration
    }

    func scope(for fault: Faults.Fault) throws(FaultSpecError) -> Faults.Scope {
        guard let text = fields["scope"] else { return .everything }
        guard let scope = Faults.Scope(spec: text) else {
            throw wrong("scope", "everything, placing, order-changes, ticker, ticker/N, postbacks or a /path")
        }
        guard scope.fits(fault.family) else {
            throw wrong("scope", "one that it can act on")
        }
        return scope
    }

    func fault() throws(FaultSpecError) -> Faults.Fault {
        guard let kind = FaultName(rawValue: name) else {
            let names = FaultName.allCases.map(\.rawValue).joined(separator: ", ")
            throw FaultSpecError(field: "fault", description: "There is no fault \(name); take one of \(names).")
        }
        guard kind.takesValue || fields["value"] == nil else {
            throw FaultSpecError(field: "value", description: "The fault \(name) takes no value.")
        }
        var moment = kind.defaultMoment
        if let text = fields["moment"] {
            guard kind.takesMoment else {
                throw FaultSpecError(field: "moment", description: "The fault \(name) takes no moment.")
            }
            guard let stated = Faults.Moment(rawValue: text) else { throw wrong("moment", "before or after") }
            moment = stated
        }
        return try fault(kind, moment)
    }

    private func fault(_ kind: FaultName, _ moment: Faults.Moment) throws(FaultSpecError) -> Faults.Fault {
        switch kind {
        case .dropResponse, .dropRequest: .dropConnection(moment)
        case .hangResponse, .hangRequest: .stopAnswering(moment)
        case .status: .status(try status(), moment)
        case .page: .page(try status(), moment)
        case .delay: .delay(try span())
        case .delayResponse: .delayAnswer(try span())
        case .truncate: .truncateAnswer
        case .cut: .cutAnswer
        case .empty: .emptyAnswer(moment)
        case .bare: .bareAnswer
        case .falseRefusal: .falseRefusal(try choice() ?? .timeout)
        case .outage: .outage
        case .hideOrders: .hideOrders(try span())
        case .staleBook: .staleBook(try span())
        case .loseUpdate: .loseUpdate
        case .duplicateUpdate: .duplicateUpdate
        case .reorderUpdate: .reorderUpdate
        case .delayUpdate: .delayUpdate(try span())
        case .silentTicker: .silentTicker
        case .garbageTicker: .garbageFrame(try choice())
        case .closeTicker: .closeTicker
        case .killTicker: .killTicker
        case .clockSkew: .clockSkew(try skew())
        }
    }

    private func status() throws(FaultSpecError) -> Int {
        guard let text = fields["value"], let status = Int(text), (400...599).contains(status) else {
            throw wrong("value", "an HTTP status between 400 and 599")
        }
        return status
    }

    private func span() throws(FaultSpecError) -> Duration {
        guard let span = try duration("value") else { throw wrong("value", "a duration such as 2s, 250ms or 1m") }
        return span
    }

    private func skew() throws(FaultSpecError) -> Duration {
        guard let text = fields["value"], let skew = Duration(spec: text) else {
            throw wrong("value", "a duration such as 90s or -2m")
        }
        return skew
    }

    private func choice<Choice: RawRepresentable<String> & CaseIterable>() throws(FaultSpecError) -> Choice? {
        guard let text = fields["value"] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw wrong("value", "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }
}
