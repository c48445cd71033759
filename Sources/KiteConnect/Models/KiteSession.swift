import JSON

/// A signed-in session.
public struct KiteSession: KiteDecodable, Hashable {
    /// The user's profile as the sign-in gives it.
    public let profile: KiteProfile
    /// The app's public key.
    public let apiKey: String
    /// The token of all further calls, valid until 06:00 Indian time of the next day.
    public let accessToken: String
    /// A token for public sessions.
    public let publicToken: String
    /// A token of Kite's web application.
    public let enctoken: String
    /// A token for renewal; nil for ordinary users.
    public let refreshToken: String?
    /// A grouping of Kite's own.
    public let silo: String
    /// When the user signed in.
    public let loginTime: KiteTime?

    /// Reads the data; `user_id` and `access_token` must be there.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "session")
        profile = try KiteProfile(json: json)
        guard !profile.userID.isEmpty else { throw .unreadable("session: user_id is missing") }
        apiKey = fields.text("api_key")
        accessToken = try fields.required("access_token")
        publicToken = fields.text("public_token")
        enctoken = fields.text("enctoken")
        refreshToken = fields.optionalText("refresh_token")
        silo = fields.text("silo")
        loginTime = fields.time("login_time")
    }
}

extension KiteSession: CustomStringConvertible, CustomReflectable {
    /// The user and the time; never a token.
    public var description: String {
        "KiteSession(userID: \(profile.userID), loginTime: \(loginTime.map { "\($0)" } ?? "unknown"))"
    }

    /// Shows nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

/// The tokens of a renewed session.
public struct KiteRenewedSession: KiteDecodable, Hashable {
    /// The user.
    public let userID: String
    /// The token of all further calls.
    public let accessToken: String
    /// The token for the next renewal.
    public let refreshToken: String?

    /// Reads the data; `access_token` must be there.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "renewed session")
        userID = fields.text("user_id")
        accessToken = try fields.required("access_token")
        refreshToken = fields.optionalText("refresh_token")
    }
}

extension KiteRenewedSession: CustomStringConvertible, CustomReflectable {
    /// The user; never a token.
    public var description: String { "KiteRenewedSession(userID: \(userID))" }

    /// Shows nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

/// The signed-in user.
public struct KiteProfile: KiteDecodable, Hashable {
    /// The client code, such as `AB1234`; empty in some old answers.
    public let userID: String
    /// The kind of user, such as `individual`.
    public let userType: String
    /// The mail address.
    public let email: String
    /// The full name.
    public let userName: String
    /// The short name.
    public let userShortname: String
    /// The broker, `ZERODHA`.
    public let broker: String
    /// Enabled exchanges.
    public let exchanges: [KiteExchange]
    /// Enabled products.
    public let products: [KiteProduct]
    /// Enabled order types.
    public let orderTypes: [KiteOrderType]
    /// A picture, or nil.
    public let avatarURL: String?
    /// Empty, `consent` (electronic debit instruction) or `physical` (power of attorney).
    public let dematConsent: String

    /// Reads the data.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "profile")
        userID = fields.text("user_id")
        userType = fields.text("user_type")
        email = fields.text("email")
        userName = fields.text("user_name")
        userShortname = fields.text("user_shortname")
        broker = fields.text("broker")
        exchanges = fields.words("exchanges")
        products = fields.words("products")
        orderTypes = fields.words("order_types")
        avatarURL = fields.optionalText("avatar_url")
        dematConsent = fields["meta"]?.object?["demat_consent"]?.string ?? ""
    }
}

/// The signed-in user with bank accounts and blocks; undocumented by Kite.
public struct KiteFullProfile: KiteDecodable, Hashable {
    /// What the short profile has.
    public let profile: KiteProfile
    /// The kind of second factor, such as `totp`.
    public let twoFactorType: String
    /// The telephone number, masked by Kite.
    public let phone: String
    /// Linked bank accounts.
    public let bankAccounts: [BankAccount]
    /// Demat accounts.
    public let depositoryIDs: [String]
    /// The tax number, masked by Kite.
    public let pan: String
    /// Kite's marks.
    public let tags: [String]
    /// When the password was set.
    public let passwordTimestamp: KiteTime?
    /// When the second factor was set.
    public let twoFactorTimestamp: KiteTime?
    /// The power of attorney, such as `physical`.
    public let powerOfAttorney: String
    /// A grouping of Kite's own.
    public let silo: String
    /// Why the account is blocked; empty when it is not.
    public let accountBlocks: [String]

    /// A bank account, masked by Kite.
    public struct BankAccount: KiteDecodable, Hashable {
        /// The bank.
        public let name: String
        /// The branch.
        public let branch: String
        /// The account number, masked.
        public let account: String

        /// Reads the object.
        public init(json: JSONValue) throws(KiteError) {
            let fields = try Fields(json, "bank account")
            name = fields.text("name")
            branch = fields.text("branch")
            account = fields.text("account")
        }
    }

    /// Reads the data.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "full profile")
        profile = try KiteProfile(json: json)
        twoFactorType = fields.text("twofa_type")
        phone = fields.text("phone")
        bankAccounts = try fields.list("bank_accounts")
        depositoryIDs = fields.texts("dp_ids")
        pan = fields.text("pan")
        tags = fields.texts("tags")
        passwordTimestamp = fields.time("password_timestamp")
        twoFactorTimestamp = fields.time("twofa_timestamp")
        let meta = try Fields(fields["meta"] ?? .object(JSONObject([])), "full profile meta")
        powerOfAttorney = meta.text("poa")
        silo = meta.text("silo")
        accountBlocks = meta.texts("account_blocks")
    }
}
