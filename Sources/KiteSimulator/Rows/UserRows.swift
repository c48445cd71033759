import JSON
import Trading

extension JSONWriter {
    /// Writes the fields that the profile and the session answer have in common. Source: Kite Connect, user.
    mutating func profileFields(_ user: SimulatorConfiguration.User, exchanges: [Exchange]) {
        profileIdentity(user)
        profileOffers(exchanges)
        key("meta")
        beginObject()
        key("demat_consent")
        value("consent")
        endObject()
    }

    private mutating func profileIdentity(_ user: SimulatorConfiguration.User) {
        key("user_id")
        value(user.userID)
        key("user_type")
        value("individual")
        key("email")
        value(user.email)
        key("user_name")
        value(user.name)
        key("user_shortname")
        value(user.name.split(separator: " ").first.map(String.init) ?? user.name)
        key("broker")
        value("ZERODHA")
    }

    private mutating func profileOffers(_ exchanges: [Exchange]) {
        key("exchanges")
        strings(exchanges.map(\.rawValue))
        key("products")
        strings(["CNC", "NRML", "MIS", "MTF"])
        key("order_types")
        strings(OrderType.allCases.map(\.rawValue))
        key("avatar_url")
        null()
    }

    /// Writes the answer to a token exchange. Source: Kite Connect, user.
    mutating func sessionFields(_ session: KiteSession) {
        key("api_key")
        value(session.app.apiKey)
        key("access_token")
        value(session.accessToken)
        key("public_token")
        value(session.publicToken)
        key("enctoken")
        value("")
        key("refresh_token")
        value(session.refreshToken ?? "")
        key("silo")
        value("")
        key("login_time")
        value(session.loginTime.indianText)
    }

    /// Writes the profile with what the developer documentation leaves out; what is private is masked, as Kite does.
    mutating func fullProfile(_ user: SimulatorConfiguration.User, exchanges: [Exchange]) {
        beginObject()
        profileIdentity(user)
        key("twofa_type")
        value(user.totpSecret == nil ? "pin" : "totp")
        key("phone")
        value("*0000")
        key("bank_accounts")
        beginArray()
        beginObject()
        key("name")
        value("SIMULATED BANK")
        key("branch")
        value("")
        key("account")
        value("*0000")
        endObject()
        endArray()
        key("dp_ids")
        strings(["1200000000000000"])
        profileOffers(exchanges)
        key("pan")
        value("*000X")
        key("tags")
        strings([])
        for time in ["password_timestamp", "twofa_timestamp"] {
            key(dynamic: time)
            value("1970-01-01 00:00:00")
        }
        key("meta")
        beginObject()
        key("poa")
        value("physical")
        key("silo")
        value("")
        key("account_blocks")
        strings([])
        endObject()
        endObject()
    }

    /// Writes one purse. Source: Kite Connect, funds and margins.
    mutating func marginBlock(_ margin: Margin) {
        beginObject()
        key("enabled")
        value(margin.isEnabled)
        key("net")
        value(margin.net)
        key("available")
        available(margin.available)
        key("utilised")
        utilised(margin.utilised)
        endObject()
    }

    private mutating func available(_ available: Margin.Available) {
        beginObject()
        key("adhoc_margin")
        value(available.adhocMargin)
        key("cash")
        value(available.cash)
        key("opening_balance")
        value(available.openingBalance)
        key("live_balance")
        value(available.liveBalance)
        key("collateral")
        value(available.collateral)
        key("intraday_payin")
        value(available.intradayPayin)
        endObject()
    }

    private mutating func utilised(_ utilised: Margin.Utilised) {
        beginObject()
        key("debits")
        value(utilised.debits)
        key("exposure")
        value(utilised.exposure)
        key("m2m_realised")
        value(utilised.realisedProfit)
        key("m2m_unrealised")
        value(utilised.unrealisedProfit)
        key("option_premium")
        value(utilised.optionPremium)
        key("payout")
        value(utilised.payout)
        key("span")
        value(utilised.span)
        key("holding_sales")
        value(utilised.holdingSales)
        key("turnover")
        value(utilised.turnover)
        key("liquid_collateral")
        value(utilised.liquidCollateral)
        key("stock_collateral")
        value(utilised.stockCollateral)
        key("delivery")
        value(utilised.delivery)
        endObject()
    }
}
