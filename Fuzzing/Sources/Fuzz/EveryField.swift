import JSON

/// An object with a plausible value under every name that an answer of Kite's has; what models are grown from.
enum EveryField {
    static let object: JSONObject = {
        var members: [JSONObject.Member] = []
        func add(_ names: String, _ value: JSONValue) {
            for name in names.split(separator: " ") { members.append(.init(name: String(name), value: value)) }
        }
        add(numbers, .number(JSONNumber(text: "12.5")))
        add(counts, .number(JSONNumber(text: "75")))
        add(texts, .string("A1"))
        add(times, .string("2026-11-20 09:15:00"))
        add("exchange_order_id parent_order_id tag collateral_type avatar_url", .null)
        add("enabled", .bool(true))
        add("modified discrepancy", .bool(false))
        add("exchanges products order_types tags dp_ids", .array([.string("NSE"), .string("NRML")]))
        let row = JSONObject(members)
        for (name, inner) in nested { members.append(.init(name: name, value: part(of: row, inner))) }
        for (name, inner) in lists { members.append(.init(name: name, value: .array([part(of: row, inner)]))) }
        let time = JSONValue.string("2026-11-20T09:15:00+0530")
        let cells = [time] + ["1", "2.5", "0.5", "1.5", "10", "0"].map { .number(JSONNumber(text: $0)) }
        members.append(.init(name: "candles", value: .array([.array(cells)])))
        members.append(.init(name: "trigger_values", value: .array([.number(JSONNumber(text: "1.5"))])))
        return JSONObject(members)
    }()

    private static func part(of row: JSONObject, _ names: String) -> JSONValue {
        let wanted = names.split(separator: " ").map(String.init)
        return .object(JSONObject(row.members.filter { wanted.contains($0.name) }))
    }

    private static let numbers = """
        average_price price last_price trigger_price pnl value upper_circuit_limit lower_circuit_limit unrealised total \
        span realised option_premium net_change market_protection exposure close_price cash var upper lower turnover \
        triggered_at transaction_tax total_pnl total_pnl_percent today_pnl today_pnl_percent target stoploss \
        stock_collateral stamp_duty sgst cgst igst sell_value sell_price sell_m2m sebi_turnover_charge payout \
        opening_balance open high low close multiplier m2m m2m_realised m2m_unrealised live_balance liquid_collateral \
        leverage invested_amount intraday_payin instalment_amount initial_margin holding_sales exchange_turnover_charge \
        delivery debits day_sell_value day_sell_price day_change day_change_percentage day_buy_value day_buy_price \
        current_value collateral buy_value buy_price buy_m2m brokerage bo amount adhoc_margin additional net \
        rhs_constant pledged_quantity
        """
    private static let counts = """
        instrument_token quantity sell_quantity buy_quantity volume validity_ttl used_quantity t1_quantity oi \
        last_quantity disclosed_quantity trigger_id id filled_quantity pending_quantity cancelled_quantity code weight \
        unfilled_quantity total_quantity short_quantity remaining_quantity realised_quantity pending_instalments \
        overnight_quantity opening_quantity oi_day_low oi_day_high legs leg_quantity leg instalments instalment_day \
        iceberg_legs day_sell_quantity day_buy_quantity completed_instalments collateral_quantity authorised_quantity \
        app_id alert_count
        """
    private static let texts = """
        tradingsymbol product exchange transaction_type order_id order_type user_id type variety validity name fund \
        status placed_by message account_id uuid sip_id access_token status_message refresh_token folio \
        auction_number rhs_exchange lhs_exchange user_type user_shortname user_name twofa_type transaction_tax_type \
        sip_type silo rhs_type rhs_tradingsymbol rhs_attribute public_token phone pan operator meta_raw \
        lhs_tradingsymbol lhs_attribute isin frequency enctoken email dividend_type checksum broker branch api_key \
        account trade_id request_id status_message_raw sip_reg_num settlement_id rejection_reason purchase_type \
        parent_trigger fund_source error_type disabled_reason demat_consent poa guid
        """
    private static let times = """
        timestamp order_timestamp created_at updated_at last_trade_time exchange_timestamp last_price_date \
        twofa_timestamp password_timestamp login_time last_instalment fill_timestamp expires_at \
        exchange_update_timestamp created authorised_date next_instalment
        """
    private static let margin = "total span exposure option_premium additional cash var leverage type tradingsymbol"
    private static let nested: [(String, String)] = [
        ("ohlc", "open high low close"),
        ("condition", "exchange tradingsymbol last_price instrument_token"),
        ("result", "account_id exchange tradingsymbol product order_type quantity price timestamp triggered_at"),
        ("order_result", "status order_id rejection_reason"), ("params", "transaction_type product quantity price"),
        ("mtf", "quantity used_quantity average_price value initial_margin"), ("gtt", "target stoploss"),
        ("gst", "igst cgst sgst total"), ("available", "cash collateral live_balance opening_balance"),
        ("utilised", "debits exposure span payout delivery"), ("equity", "enabled net"), ("commodity", "enabled net"),
        ("charges", "transaction_tax brokerage stamp_duty total transaction_tax_type"),
        ("basket", "name type tags"), ("initial", margin), ("final", margin), ("meta", "demat_consent silo"),
        ("depth", ""), ("error", "code error_type message"), ("iceberg", "leg legs leg_quantity total_quantity"),
    ]
    private static let lists: [(String, String)] = [
        ("orders", "exchange tradingsymbol transaction_type quantity price product order_type"),
        ("buy", "price quantity"), ("sell", "price quantity"), ("items", "tradingsymbol exchange weight"),
        ("bank_accounts", "name branch account"), ("children", "order_id"),
        ("day", "tradingsymbol exchange product quantity average_price last_price"),
    ]
}
