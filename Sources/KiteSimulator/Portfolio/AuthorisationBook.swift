import PaperExchange
import Trading

/// What a user was asked to let out of the demat account.
struct AuthorisationRequest: Sendable {
    let apiKey: String
    let userID: String
    /// So many units of each security; nothing named means all.
    let items: [(isin: String, quantity: Quantity)]
    let expiry: Timestamp

    /// Reads the repeated pairs of `isin` and `quantity`.
    ///
    /// - Throws: Kite's refusal for names without numbers, numbers without names, and numbers that are none.
    static func items(_ fields: Fields) throws(KiteRefusal) -> [(isin: String, quantity: Quantity)] {
        let (names, numbers) = (fields.all("isin"), fields.all("quantity"))
        guard names.count == numbers.count else { throw .invalid(names.count < numbers.count ? "isin" : "quantity") }
        var items: [(isin: String, quantity: Quantity)] = []
        for (name, number) in zip(names, numbers) {
            guard !name.isEmpty else { throw .invalid("isin") }
            // Go's client writes quantities as decimals.
            guard let units = Int64(number) ?? Double(number).flatMap(Int64.init(exactly:)), units > 0 else {
                throw .invalid("quantity")
            }
            items.append((name, Quantity(units)))
        }
        return items
    }
}

/// Requests to let shares out of the demat account that still wait for their user. Source: Kite Connect, holdings
/// authorisation.
struct AuthorisationBook {
    /// How long a user has.
    static let life: Duration = .seconds(24 * 3_600)

    private let random: RandomBytes
    private var requests: [String: AuthorisationRequest] = [:]

    init(random: @escaping RandomBytes) {
        self.random = random
    }

    /// Opens a request and gives its id of 32 letters and digits.
    mutating func open(
        apiKey: String, userID: String, _ items: [(isin: String, quantity: Quantity)], at now: Timestamp
    ) -> String {
        requests = requests.filter { now < $0.value.expiry }
        let id = RandomText.token(random)
        requests[id] = AuthorisationRequest(
            apiKey: apiKey, userID: userID, items: items, expiry: now.advanced(by: Self.life))
        return id
    }

    /// The request of an app that waits under an id.
    func request(_ id: String, apiKey: String, at now: Timestamp) -> AuthorisationRequest? {
        guard let request = requests[id], request.apiKey == apiKey, now < request.expiry else { return nil }
        return request
    }

    mutating func close(_ id: String) {
        requests[id] = nil
    }
}
