#!/usr/bin/env python3
"""Checks what a formatter cannot: sizes, banned words and secrets. Prints each fault; exits 1 where there is one."""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
tracked = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=root, capture_output=True, text=True,
    check=True).stdout.split()
faults = []


def fault(path, line, text):
    faults.append(f"{path}:{line}: {text}")


banned = [
    (re.compile(r"\btry!|\bas!|\bfatalError\("), "no try!, as! or fatalError", lambda p: True),
    (re.compile(r"\bprint\("), "print only in the command and the benchmarks",
     lambda p: not p.startswith(("Sources/CLI/", "Sources/Bench/", "Tests/"))),
    (re.compile(r"\bDate\(\)|\bDate\.now\b"), "the time comes from a clock that is handed in", lambda p: True),
    (re.compile(r"@unchecked Sendable"), "say why in a comment that names the reason",
     lambda p: p.startswith("Sources/")),
    (re.compile(r"\bTODO\b|\bFIXME\b|\bXXX\b"), "no work left in comments", lambda p: True),
]
nothing_names = re.compile(r"(Utils?|Helpers?|Manager|Common|Misc)\.swift$")
secret = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}")

for name in tracked:
    path = root / name
    if not path.is_file():
        continue
    if name.endswith((".sqlite", ".db", ".pem", ".key")):
        fault(name, 1, "databases and keys are not committed")
    if path.stat().st_size > 1 << 20:
        fault(name, 1, "larger than 1 MiB")
        continue
    text = path.read_text(errors="replace")
    if secret.search(text):
        fault(name, 1, "looks like a secret")
    if not name.endswith(".swift"):
        continue
    if nothing_names.search(name):
        fault(name, 1, "a name that names nothing")
    lines = text.splitlines()
    if len(lines) > 400:
        fault(name, len(lines), "over 400 lines")
    for number, line in enumerate(lines, 1):
        for pattern, rule, applies in banned:
            if not applies(name) or not pattern.search(line):
                continue
            if "@unchecked" in pattern.pattern and any("//" in l for l in lines[max(0, number - 6):number]):
                continue
            fault(name, number, rule)

for page in ("README.md", "ARCHITECTURE.md"):
    for number, line in enumerate((root / page).read_text().splitlines(), 1):
        for path in re.findall(r"`((?:Sources|Tests|docs|script)/[^`*]*)`", line):
            if not (root / path).exists():
                fault(page, number, f"names {path}, which is not there")

print("\n".join(faults), file=sys.stderr, end="\n" if faults else "")
sys.exit(1 if faults else 0)
