# Shared by the scripts beside it; sourced, not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export SWIFT_BACKTRACE="${SWIFT_BACKTRACE:-enable=no}"
swift_flags=(--explicit-target-dependency-import-check error)
say() { printf '== %s\n' "$*" >&2; }
