import JSON
import PaperExchange
import Trading

/// One answer of the margin calculators.
struct MarginRow {
    /// The purse; empty for a sum of several.
    let purse: String
    /// What is traded; nil for a sum of several.
    let instrument: InstrumentID?
    let need: MarginNeed
    /// Zero for a sum of several.
    let leverage: Int64
    let charges: Charges
    /// Whether the total is all that is told.
    let isCompact: Bool

    init(
        purse: String, instrument: InstrumentID?, need: MarginNeed, leverage: Int64, charges: Charges, isCompact: Bool
    ) {
        self.purse = purse
        self.instrument = instrument
        self.need = need
        self.leverage = leverage
        self.charges = charges
        self.isCompact = isCompact
    }

    /// A sum of several orders: it has no name, no leverage and no charges.
    init(sumOf need: MarginNeed, isCompact: Bool) {
        self.init(
            purse: "", instrument: nil, need: need, leverage: 0, charges: Charges(), isCompact: isCompact)
    }
}

extension JSONWriter {
    /// Writes what an order, or several together, tie up. Source: Kite Connect, margin calculation.
    mutating func marginRow(_ row: MarginRow) {
        beginObject()
        key("type")
        value(row.purse)
        key("tradingsymbol")
        value(row.instrument?.symbol ?? "")
        key("exchange")
        value(row.instrument?.exchange.rawValue ?? "")
        if !row.isCompact { marginParts(row) }
        key("total")
        value(row.need.total)
        endObject()
    }

    private mutating func marginParts(_ row: MarginRow) {
        key("span")
        value(row.need.span)
        key("exposure")
        value(row.need.exposure)
        key("option_premium")
        value(row.need.premium)
        key("additional")
        value(0)
        key("bo")
        value(0)
        key("cash")
        value(0)
        key("var")
        value(row.need.valueAtRisk)
        key("pnl")
        beginObject()
        key("realised")
        value(0)
        key("unrealised")
        value(0)
        endObject()
        key("leverage")
        value(row.leverage)
        key("charges")
        charges(row.charges)
    }

    /// Writes one order of a virtual contract note. Source: Kite Connect, virtual contract note.
    mutating func contractNoteRow(_ order: CalculatorOrder, price: Price, charges: Charges) {
        beginObject()
        key("transaction_type")
        value(order.side.rawValue)
        key("tradingsymbol")
        value(order.instrument.id.symbol)
        key("exchange")
        value(order.instrument.id.exchange.rawValue)
        key("variety")
        value(order.variety)
        key("product")
        value(order.product.rawValue)
        key("order_type")
        value(order.type.rawValue)
        key("quantity")
        value(order.quantity.units)
        key("price")
        value(price)
        key("charges")
        self.charges(charges)
        endObject()
    }

    /// Writes what executed orders cost, unrounded. Source: Kite Connect, margin calculation.
    mutating func charges(_ charges: Charges) {
        beginObject()
        key("transaction_tax")
        value(charges.transactionTax)
        key("transaction_tax_type")
        value(charges.tax.rawValue)
        key("exchange_turnover_charge")
        value(charges.exchangeTurnover)
        key("sebi_turnover_charge")
        value(charges.regulatorTurnover)
        key("brokerage")
        value(charges.brokerage)
        key("stamp_duty")
        value(charges.stampDuty)
        key("gst")
        beginObject()
        key("igst")
        value(charges.serviceTax)
        key("cgst")
        value(0)
        key("sgst")
        value(0)
        key("total")
        value(charges.serviceTax)
        endObject()
        key("total")
        value(charges.total)
        endObject()
    }

    private mutating func value(_ charge: Charge) { decimal(charge.billionths, scale: 9) }
}
