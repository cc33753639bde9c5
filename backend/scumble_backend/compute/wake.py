"""The compute child's first lines: the engine is imported here, where all that it takes is read for
the first time. Where that fails its files are damaged, and the exit code says so."""

import logging
import sys

from scumble import protocol


def main() -> None:
    try:
        from scumble_backend.compute import worker
    except MemoryError:
        raise
    except Exception:  # what a damaged file breaks an import with is any of them
        logging.exception("the engine cannot be imported")
        sys.exit(protocol.DAMAGED)
    worker.main()


if __name__ == "__main__":
    main()
