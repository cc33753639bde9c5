"""The `scumble` command's first lines: Ctrl+C ends it in one sentence, whatever it imports then."""

import sys


def main() -> int:
    try:
        from scumble_backend.cli import commands

        return commands.main()
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
