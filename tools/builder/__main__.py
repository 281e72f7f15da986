"""`python3 -m builder`: the front door; the launcher `tenon` starts it."""

import sys

from .cli import main

sys.exit(main(sys.argv[1:]))
