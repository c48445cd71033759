import Accounts
import Glibc

/// Asks for secrets, which are never arguments: arguments show in the list of processes.
enum Prompt {
    /// Reads one line of standard input; on a terminal it asks first and shows nothing of what is typed.
    static func secret(_ question: String) -> Secret {
        guard isatty(STDIN_FILENO) == 1 else { return Secret(readLine(strippingNewline: true) ?? "") }
        say("\(question): ")
        var settings = termios()
        let isKnown = tcgetattr(STDIN_FILENO, &settings) == 0
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        if isKnown { tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) }
        defer {
            if isKnown { tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) }
            say("\n")
        }
        return Secret(readLine(strippingNewline: true) ?? "")
    }

    /// Writes to standard error, so that standard output stays what was asked for.
    private static func say(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
