import Gateway
import ServiceLifecycle
import WebServer

/// The listeners that people and programs talk to.
struct Face {
    let apiListener: HTTPListener?
    let tickerListener: HTTPListener?
    let userListener: HTTPListener?
    let services: [any Service]

    init(_ installation: Installation, people: People, desk: TradingDesk) async throws {
        apiListener = nil
        tickerListener = nil
        userListener = nil
        services = []
    }
}
