import Trading

/// A mutual fund scheme that can be bought; all of them are invented.
struct FundScheme: Sendable, Hashable {
    /// Its identification number, which is also its symbol.
    let isin: String
    /// The house that runs it.
    let house: String
    let name: String
    let dividend: String
    let sort: String
    let plan: String
    let settlement: String
    /// The least that a first purchase may be, in whole rupees.
    let minimum: Int64
    /// The least that a further purchase may be, in whole rupees.
    let furtherMinimum: Int64
    /// What a unit was worth on 1 January 2026.
    let startingValue: Price

    /// What a unit is worth on a day: a basis point more each day.
    func value(on day: CalendarDate) -> Price {
        let days = Int64(max(day.daysSinceEpoch - Self.start, 0))
        return startingValue + Price(tenThousandths: startingValue.tenThousandths * days / 10_000)
    }

    /// 1 January 2026.
    private static let start = 20_454

    /// The schemes that are offered.
    static let all: [FundScheme] = {
        let houses = [("Banyan", "BanyanMutualFund_MF", "001"), ("Peepal", "PeepalMutualFund_MF", "002")]
        let sorts = [
            ("Flexicap Fund", "equity", "T3", Int64(1_000), Int64(500), Int64(84), "1"),
            ("Liquid Fund", "liquid", "T1", 5_000, 1_000, 2_081, "2"),
            ("Balanced Advantage Fund", "balanced", "T3", 1_000, 1_000, 30, "3"),
        ]
        let plans = [("", "regular", "A"), (" - Direct Plan", "direct", "D")]
        return houses.flatMap { house in
            sorts.flatMap { sort in
                plans.map { plan in
                    FundScheme(
                        isin: "INF\(house.2)S0\(sort.6)\(plan.2)1\(plan.1 == "direct" ? "7" : "5")",
                        house: house.1, name: "\(house.0) \(sort.0)\(plan.0)", dividend: "growth", sort: sort.1,
                        plan: plan.1, settlement: sort.2, minimum: sort.3, furtherMinimum: sort.4,
                        startingValue: Price(rupees: sort.5))
                }
            }
        }
    }()

    /// The scheme under a number; nil where there is none.
    static func named(_ isin: String) -> FundScheme? { all.first { $0.isin == isin } }

    /// The list as Kite writes it. Source: Kite Connect, mutual fund instruments.
    static func csv(on day: CalendarDate) -> String {
        let header =
            "tradingsymbol,amc,name,purchase_allowed,redemption_allowed,minimum_purchase_amount,"
            + "purchase_amount_multiplier,minimum_additional_purchase_amount,minimum_redemption_quantity,"
            + "redemption_quantity_multiplier,dividend_type,scheme_type,plan,settlement_type,last_price,"
            + "last_price_date\r\n"
        return all.reduce(into: header) { text, scheme in
            let before = day.adding(days: -1)
            text += "\(scheme.isin),\(scheme.house),\(scheme.name),1,1,\(scheme.minimum).0,1.0,"
            text += "\(scheme.furtherMinimum).0,0.001,0.001,\(scheme.dividend),\(scheme.sort),\(scheme.plan),"
            text += "\(scheme.settlement),\(scheme.value(on: before)),\(before)\r\n"
        }
    }
}
