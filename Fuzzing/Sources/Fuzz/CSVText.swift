import Trading

@testable import KiteConnect
@testable import PaperExchange

/// Writes rows as CSV, every text in quotes.
enum CSVText {
    static func instruments(_ rows: [InstrumentRow]) -> [UInt8] {
        var text = CSVTarget.header + "\r\n"
        for row in rows {
            let fields = [
                "\(row.instrumentToken)", quoted(row.exchangeToken), quoted(row.tradingsymbol), quoted(row.name),
                "\(row.lastPrice)", row.expiry?.description ?? "", "\(row.strike)", "\(row.tickSize)", "\(row.lotSize)",
                quoted(row.instrumentType.rawValue), quoted(row.segment.rawValue), quoted(row.exchange.rawValue),
            ]
            text += fields.joined(separator: ",") + "\r\n"
        }
        return Array(text.utf8)
    }

    static func funds(_ rows: [FundInstrumentRow]) -> [UInt8] {
        var text = """
            tradingsymbol,amc,name,purchase_allowed,redemption_allowed,minimum_purchase_amount,\
            purchase_amount_multiplier,minimum_additional_purchase_amount,minimum_redemption_quantity,\
            redemption_quantity_multiplier,dividend_type,scheme_type,plan,settlement_type,last_price,last_price_date

            """
        for row in rows {
            let fields = [
                quoted(row.tradingsymbol), quoted(row.amc), quoted(row.name), row.isPurchaseAllowed ? "1" : "0",
                row.isRedemptionAllowed ? "1" : "0", "\(row.minimumPurchaseAmount)", "\(row.purchaseAmountMultiplier)",
                "\(row.minimumAdditionalPurchaseAmount)", "\(row.minimumRedemptionQuantity)",
                "\(row.redemptionQuantityMultiplier)", quoted(row.dividendType), quoted(row.schemeType),
                quoted(row.plan), quoted(row.settlementType), "\(row.lastPrice)", row.lastPriceDate?.description ?? "",
            ]
            text += fields.joined(separator: ",") + "\n"
        }
        return Array(text.utf8)
    }

    static func bhavcopy(_ day: Bhavcopy) -> [UInt8] {
        var text = "FinInstrmTp,TckrSymb,XpryDt,StrkPric,OptnTp,ClsPric,OpnIntrst\n"
        for (key, closing) in day.closings {
            let fields = [
                "A", quoted(key.symbol), key.expiry?.description ?? "", key.strike?.description ?? "",
                key.right?.rawValue ?? "", closing.price?.description ?? "",
                closing.openInterest?.description ?? "",
            ]
            text += fields.joined(separator: ",") + "\n"
        }
        return Array(text.utf8)
    }

    static func trimmed(_ text: String) -> String {
        var bytes = Array(text.utf8)[...]
        while bytes.first == 0x20 { bytes = bytes.dropFirst() }
        while bytes.last == 0x20 { bytes = bytes.dropLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
