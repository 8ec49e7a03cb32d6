"""`python -m tests.load [claims] [desk] [page] [peers] [protocol] [relay]`: measures what is named, or everything.

Figures are printed and never asserted: a clock on somebody else's machine is no test. LARGE=1 in the environment adds
the runs that take minutes and gigabytes.
"""

import importlib
import sys

MODULES = ("protocol", "page", "desk", "claims", "peers", "relay")


def main(names: list[str]) -> int:
    unknown = sorted(set(names) - set(MODULES))
    if unknown:
        sys.stderr.write(f"Nothing to measure is called {', '.join(unknown)}. Choose from: {', '.join(MODULES)}.\n")
        return 2
    for name in names or MODULES:
        importlib.import_module(f"tests.load.{name}").run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
