import Dispatch
import Glibc
import Synchronization

/// Lines on their way to a file descriptor, written by a thread of their own in batches.
///
/// A writer never waits for the descriptor unless a whole buffer is pending; lines are never dropped. `flush` before
/// the process ends.
package final class LogOutput: Sendable {
    /// The process's standard error.
    package static let standardError = LogOutput(descriptor: STDERR_FILENO)

    private struct State {
        var pending: [UInt8] = []
        var isScheduled = false
    }

    private let descriptor: Int32
    private let limit: Int
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "log output")

    /// Writes to an open descriptor, at most `limit` bytes behind.
    package init(descriptor: Int32, limit: Int = 1 << 20) {
        self.descriptor = descriptor
        self.limit = limit
    }

    /// Queues whole lines, each ended by a line feed.
    package func write(_ lines: [UInt8]) {
        let (mustSchedule, isFull) = state.withLock { state in
            state.pending.append(contentsOf: lines)
            defer { state.isScheduled = true }
            return (!state.isScheduled, state.pending.count > limit)
        }
        if isFull {
            flush()
        } else if mustSchedule {
            queue.async { self.drain() }
        }
    }

    /// Returns once everything queued before the call is written.
    package func flush() {
        queue.sync { drain() }
    }

    private func drain() {
        while true {
            let batch = state.withLock { state in
                if state.pending.isEmpty { state.isScheduled = false }
                defer { state.pending = [] }
                return state.pending
            }
            if batch.isEmpty { return }
            writeAll(batch)
        }
    }

    private func writeAll(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let written = Glibc.write(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
                if written > 0 {
                    offset += written
                } else if errno == EAGAIN {
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&waiting, 1, 1_000)
                } else if errno != EINTR {
                    // Nobody reads the log any more; there is nowhere left to say so.
                    return
                }
            }
        }
    }
}
