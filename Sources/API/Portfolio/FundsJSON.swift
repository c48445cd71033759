import Gateway
import JSON
import Trading

extension JSONWriter {
    /// The whole answer of GET funds, with the purses asked for; `null` for one that the broker does not tell of.
    mutating func funds(
        _ reading: Reading<[MarginSegment: Margin]>, _ segments: [MarginSegment], of account: String
    ) {
        beginObject()
        key("status")
        value("success")
        key("account_id")
        value(account)
        key("as_of")
        preciseTime(reading.time)
        key("funds")
        beginObject()
        for segment in segments {
            key(dynamic: segment.rawValue)
            if let margin = reading.value[segment] { self.margin(margin) } else { null() }
        }
        endObject()
        endObject()
    }

    private mutating func margin(_ margin: Margin) {
        beginObject()
        key("enabled")
        value(margin.isEnabled)
        key("net")
        money(margin.net)
        key("available")
        beginObject()
        key("cash")
        money(margin.available.cash)
        key("intraday_payin")
        money(margin.available.intradayPayin)
        key("collateral")
        money(margin.available.collateral)
        key("live_balance")
        money(margin.available.liveBalance)
        key("opening_balance")
        money(margin.available.openingBalance)
        key("adhoc_margin")
        money(margin.available.adhocMargin)
        endObject()
        key("utilised")
        beginObject()
        key("debits")
        money(margin.utilised.debits)
        key("exposure")
        money(margin.utilised.exposure)
        key("m2m_realised")
        money(margin.utilised.realisedProfit)
        key("m2m_unrealised")
        money(margin.utilised.unrealisedProfit)
        key("span")
        money(margin.utilised.span)
        key("option_premium")
        money(margin.utilised.optionPremium)
        endObject()
        endObject()
    }
}
