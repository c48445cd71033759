/// The shares of the built-in listing: real names and exchange numbers, prices of our own making.
enum BuiltInShares {
    struct Share: Sendable {
        let number: UInt32
        let symbol: String
        let name: String
        /// Whole rupees to start from; a round number, not a market price.
        let rupees: Int64
    }

    static let all: [Share] = [
        Share(number: 2885, symbol: "RELIANCE", name: "RELIANCE INDUSTRIES", rupees: 1_400),
        Share(number: 1333, symbol: "HDFCBANK", name: "HDFC BANK", rupees: 980),
        Share(number: 4963, symbol: "ICICIBANK", name: "ICICI BANK", rupees: 1_380),
        Share(number: 1594, symbol: "INFY", name: "INFOSYS", rupees: 1_520),
        Share(number: 11536, symbol: "TCS", name: "TATA CONSULTANCY SERV LT", rupees: 3_100),
        Share(number: 3045, symbol: "SBIN", name: "STATE BANK OF INDIA", rupees: 900),
        Share(number: 10604, symbol: "BHARTIARTL", name: "BHARTI AIRTEL", rupees: 2_000),
        Share(number: 1660, symbol: "ITC", name: "ITC", rupees: 410),
        Share(number: 1394, symbol: "HINDUNILVR", name: "HINDUSTAN UNILEVER", rupees: 2_450),
        Share(number: 11483, symbol: "LT", name: "LARSEN & TOUBRO", rupees: 3_900),
        Share(number: 5900, symbol: "AXISBANK", name: "AXIS BANK", rupees: 1_210),
        Share(number: 1922, symbol: "KOTAKBANK", name: "KOTAK MAHINDRA BANK", rupees: 2_110),
        Share(number: 317, symbol: "BAJFINANCE", name: "BAJAJ FINANCE", rupees: 1_010),
        Share(number: 16675, symbol: "BAJAJFINSV", name: "BAJAJ FINSERV", rupees: 2_060),
        Share(number: 10999, symbol: "MARUTI", name: "MARUTI SUZUKI INDIA", rupees: 15_500),
        Share(number: 2031, symbol: "M&M", name: "MAHINDRA & MAHINDRA", rupees: 3_600),
        Share(number: 3351, symbol: "SUNPHARMA", name: "SUN PHARMACEUTICAL IND L", rupees: 1_700),
        Share(number: 7229, symbol: "HCLTECH", name: "HCL TECHNOLOGIES", rupees: 1_540),
        Share(number: 11630, symbol: "NTPC", name: "NTPC", rupees: 330),
        Share(number: 14977, symbol: "POWERGRID", name: "POWER GRID CORP", rupees: 280),
        Share(number: 2475, symbol: "ONGC", name: "OIL AND NATURAL GAS CORP", rupees: 245),
        Share(number: 20374, symbol: "COALINDIA", name: "COAL INDIA", rupees: 385),
        Share(number: 3506, symbol: "TITAN", name: "TITAN COMPANY", rupees: 3_750),
        Share(number: 11532, symbol: "ULTRACEMCO", name: "ULTRATECH CEMENT", rupees: 12_000),
        Share(number: 236, symbol: "ASIANPAINT", name: "ASIAN PAINTS", rupees: 2_600),
        Share(number: 3787, symbol: "WIPRO", name: "WIPRO", rupees: 248),
        Share(number: 13538, symbol: "TECHM", name: "TECH MAHINDRA", rupees: 1_450),
        Share(number: 3499, symbol: "TATASTEEL", name: "TATA STEEL", rupees: 172),
        Share(number: 11723, symbol: "JSWSTEEL", name: "JSW STEEL", rupees: 1_150),
        Share(number: 1363, symbol: "HINDALCO", name: "HINDALCO INDUSTRIES", rupees: 790),
        Share(number: 1232, symbol: "GRASIM", name: "GRASIM INDUSTRIES", rupees: 2_800),
        Share(number: 25, symbol: "ADANIENT", name: "ADANI ENTERPRISES", rupees: 2_420),
        Share(number: 15083, symbol: "ADANIPORTS", name: "ADANI PORT & SEZ", rupees: 1_480),
        Share(number: 881, symbol: "DRREDDY", name: "DR. REDDY'S LABORATORIES", rupees: 1_240),
        Share(number: 694, symbol: "CIPLA", name: "CIPLA", rupees: 1_530),
        Share(number: 157, symbol: "APOLLOHOSP", name: "APOLLO HOSPITALS ENTER. L", rupees: 7_400),
        Share(number: 910, symbol: "EICHERMOT", name: "EICHER MOTORS", rupees: 6_900),
        Share(number: 16669, symbol: "BAJAJ-AUTO", name: "BAJAJ AUTO", rupees: 9_000),
        Share(number: 1964, symbol: "TRENT", name: "TRENT", rupees: 4_600),
        Share(number: 383, symbol: "BEL", name: "BHARAT ELECTRONICS", rupees: 415),
    ]
}
