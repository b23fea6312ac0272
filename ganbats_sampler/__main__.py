"""The entry point of ``python -m ganbats_sampler``."""

import sys

from ganbats_sampler.cli import main

if __name__ == "__main__":
    sys.exit(main())
