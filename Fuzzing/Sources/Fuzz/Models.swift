import JSON

@testable import KiteConnect

/// A type that is read from Kite's answers.
struct Model: Sendable {
    let name: String
    /// Reads one value, and the same as the only member of a list and of a table.
    let read: @Sendable (JSONValue) throws(KiteError) -> Void
    /// Reads a whole answer.
    let decode: @Sendable ([UInt8]) throws(KiteError) -> Void

    init<Value: KiteDecodable & Hashable>(_ type: Value.Type) {
        name = "\(type)"
        read = { (json) throws(KiteError) in
            let value = try Value(json: json)
            let list = try KiteAnswer.list(of: type, in: .array([json]))
            require(list == [value], "\(type) reads otherwise in a list")
            let table = try KiteAnswer.table(of: type, in: .object(JSONObject([.init(name: "NSE:A", value: json)])))
            require(table == ["NSE:A": value], "\(type) reads otherwise in a table")
        }
        decode = { (bytes) throws(KiteError) in _ = try KiteAnswer.decode(type, from: bytes) }
    }

    static let all: [Model] = [
        Model(KiteOrder.self), Model(KiteOrderUpdate.self), Model(KiteTrade.self), Model(KiteOrderReceipt.self),
        Model(KiteIcebergLeg.self), Model(KitePositions.self), Model(KitePosition.self), Model(KiteHolding.self),
        Model(KiteMTFHolding.self), Model(KiteCompactHolding.self), Model(KiteHoldingsSummary.self),
        Model(KiteHoldingsAuthorisation.self), Model(KiteMargins.self), Model(KiteSegmentMargin.self),
        Model(KiteAvailableFunds.self), Model(KiteUtilisedFunds.self), Model(KiteQuote.self), Model(KiteOHLC.self),
        Model(KiteDepth.self), Model(KiteDepthLevel.self), Model(KiteOHLCQuote.self), Model(KiteLastPrice.self),
        Model(KiteTriggerRange.self), Model(KiteCandle.self), Model(KiteCandles.self), Model(KiteTrigger.self),
        Model(KiteTriggerReceipt.self), Model(KiteTriggerCondition.self), Model(KiteTriggerOrder.self),
        Model(KiteTriggerResult.self), Model(KiteTriggerOrderResult.self), Model(KiteAlert.self),
        Model(KiteAlertBasket.self), Model(KiteAlertItem.self), Model(KiteAlertOrder.self),
        Model(KiteAlertTrigger.self), Model(KiteAlertFiring.self), Model(KiteAlertSnapshot.self),
        Model(KiteOrderMargin.self), Model(KiteMarginResult.self), Model(KiteBasketMargin.self),
        Model(KiteContractNote.self), Model(KiteCharges.self), Model(KiteGST.self), Model(KiteSession.self),
        Model(KiteRenewedSession.self), Model(KiteProfile.self), Model(KiteFullProfile.self),
        Model(KiteFundOrder.self), Model(KiteFundOrderReceipt.self), Model(KiteFundPlan.self),
        Model(KiteFundPlanReceipt.self), Model(KiteFundHolding.self),
    ]

    /// The smallest object that can be read, grown by adding what the errors say is missing; nil where none is found.
    var seed: JSONValue? {
        if name == "KiteCandle" { return EveryField.object["candles"]?.array?.first }
        var value = JSONValue.object(JSONObject([]))
        for _ in 0..<40 {
            do {
                try read(value)
                return value
            } catch {
                let words = error.message.split(separator: " ").map(String.init)
                guard words.suffix(2) == ["is", "missing"], let name = words.dropLast(2).last,
                    let members = value.object?.members, let added = EveryField.object[name]
                else { return value }
                value = .object(JSONObject(members + [.init(name: name, value: Self.grown(name, added))]))
            }
        }
        return value
    }

    /// Wallets have wallets inside.
    private static func grown(_ name: String, _ value: JSONValue) -> JSONValue {
        guard name == "equity" || name == "commodity", let members = value.object?.members else { return value }
        let parts = ["available", "utilised"].compactMap { name in
            EveryField.object[name].map { JSONObject.Member(name: name, value: $0) }
        }
        return .object(JSONObject(members + parts))
    }
}
