import Accounts
import Hummingbird
import Logging
import NIOCore
import WebServer

/// What is known of a request beside its bytes.
package struct APIContext: UpgradableRequestContext, CorrelatedRequestContext {
    /// Hummingbird's part.
    package var coreContext: CoreRequestContextStorage
    /// The connection that the request came on.
    package let channel: any Channel
    /// When the request arrived, as time since some fixed moment.
    package var start: Duration = .zero
    /// The id that the request's logs and its answer share.
    package var correlationID: String?
    /// What the caller's token says; nil on open routes.
    package var token: AccessToken?

    /// Made by the listener for each request.
    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The caller's network address.
    var address: String { channel.remoteAddress?.ipAddress ?? "unknown" }
}
