"""Stands in for QEMU in tests of what `tenon run` makes of a console.

Each argument before the first that starts with - is one act:
    say:TEXT     prints it (\\n as typed is a newline)
    hear:TEXT    reads lines until one is this text
    sleep:S      does nothing
    exit:N       ends with this code
"""

import sys
import time


def hear(text: str) -> None:
    for line in sys.stdin:
        if line.rstrip("\n") == text:
            return


def act(verb: str, text: str) -> None:
    if verb == "say":
        sys.stdout.write(text.replace("\\n", "\r\n"))
        sys.stdout.flush()
    elif verb == "hear":
        hear(text)
    elif verb == "sleep":
        time.sleep(float(text))
    elif verb == "exit":
        sys.exit(int(text))


for word in sys.argv[1:]:
    if word.startswith("-"):
        break
    act(*word.split(":", 1))
