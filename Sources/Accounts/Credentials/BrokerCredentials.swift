/// One secret of a trading account.
package enum CredentialField: String, Sendable, Hashable, CaseIterable {
    /// The broker's name of the application.
    case apiKey = "api_key"
    /// The application's secret.
    case apiSecret = "api_secret"
    /// The broker's token of the day.
    case accessToken = "access_token"
    /// The person's password at the broker, for unattended login.
    case password
    /// The seed of the person's one-time codes, for unattended login.
    case totpSeed = "totp_seed"
    /// The session of the day as we obtained it: a `BrokerSessionToken`.
    case session
    /// The owner's word that password and seed may be used without him: `on`, or anything else for no.
    case unattendedLogin = "unattended_login"
}

/// The secrets with which a broker lets us in.
package struct BrokerCredentials: Sendable, Equatable {
    private var values: [CredentialField: Secret]

    /// Takes what there is.
    package init(_ values: [CredentialField: Secret]) {
        self.values = values
    }

    /// One secret; nil where it was never given.
    package subscript(field: CredentialField) -> Secret? { values[field] }

    /// Whether the owner allowed to sign in without him and left what that takes.
    package var allowsUnattendedLogin: Bool {
        self[.unattendedLogin] == Secret("on") && self[.password] != nil && self[.totpSeed] != nil
    }

    /// The session that is kept; nil where there is none that can be read.
    package var session: BrokerSessionToken? { self[.session].flatMap(BrokerSessionToken.init(sealed:)) }

    /// The fields that are there, in a fixed order.
    package var fields: [CredentialField] { CredentialField.allCases.filter { values[$0] != nil } }
}

/// One secret as it is stored: readable only with the account's data key, for this account, field and version.
package struct SealedField: Sendable, Hashable {
    /// Which secret.
    package let field: CredentialField
    /// 1 for the first value, then one more with each new one.
    package let version: Int64
    /// Nonce, ciphertext and tag of AES-256-GCM.
    package let box: [UInt8]

    /// Puts a stored secret together.
    package init(field: CredentialField, version: Int64, box: [UInt8]) {
        self.field = field
        self.version = version
        self.box = box
    }
}

/// An account's data key as it is stored, wrapped by a key file.
package struct WrappedDataKey: Sendable, Hashable {
    /// The id of the key file that wraps it.
    package let keyFileID: String
    /// Nonce, ciphertext and tag of AES-256-GCM.
    package let box: [UInt8]

    /// Puts a wrapped key together.
    package init(keyFileID: String, box: [UInt8]) {
        self.keyFileID = keyFileID
        self.box = box
    }
}

/// An account's secrets as they are stored.
package struct SealedCredentials: Sendable, Hashable {
    /// The wrapped data key.
    package let dataKey: WrappedDataKey
    /// The secrets, each field at most once.
    package let fields: [SealedField]

    /// Puts stored secrets together.
    package init(dataKey: WrappedDataKey, fields: [SealedField]) {
        self.dataKey = dataKey
        self.fields = fields
    }
}
