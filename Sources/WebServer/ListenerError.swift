import Glibc
import NIOCore

/// Why a listener could not take its address.
package enum ListenerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Something else listens there.
    case portInUse(host: String, port: Int)
    /// The system forbids this process the port; those below 1024 need privileges.
    case notPermitted(host: String, port: Int)
    /// The host is not an address of this machine, or not a name that resolves.
    case unknownAddress(host: String, port: Int, reason: String)

    /// One sentence for the person who started the program.
    package var description: String {
        switch self {
        case .portInUse(let host, let port):
            "Port \(port) on \(host) is in use by another program; stop it or choose another port."
        case .notPermitted(let host, let port):
            "Listening on port \(port) of \(host) is not permitted for this user; choose a port above 1023."
        case .unknownAddress(let host, let port, let reason):
            "Cannot listen on \(host) port \(port): \(reason)."
        }
    }

    init(_ error: any Error, host: String, port: Int) {
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE: self = .portInUse(host: host, port: port)
        case EACCES, EPERM: self = .notPermitted(host: host, port: port)
        case EADDRNOTAVAIL: self = .unknownAddress(host: host, port: port, reason: "not an address of this machine")
        default:
            let reason = error is SocketAddressError ? "the name does not resolve" : "\(error)"
            self = .unknownAddress(host: host, port: port, reason: reason)
        }
    }
}
