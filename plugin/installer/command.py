"""The flags of install.py, and which rooms serve them."""

import argparse
import os
import sys
from pathlib import Path

from installer import Problem
from installer.archive import write_bundles
from installer.demo import demo
from installer.doctor import doctor
from installer.environment import check_interpreter
from installer.gimps import expect_gimps, find_gimps, put_into_gimp
from installer.hands import Hands
from installer.home import home, installed_in
from installer.kritas import expect_kritas, find_kritas, put_into_krita
from installer.pairing import pair
from installer.report import Reporter
from installer.setting_up import set_up, test
from installer.uninstall import uninstall
from scumble.language import tr, use
from scumble.needs import LANGUAGE


def main(arguments, about):
    """What install.py does; its exit code. about: what --help says first."""
    use([os.environ.get(LANGUAGE, "")])
    options = read_options(arguments, about)
    hands = Reporter(options.report) if options.report else Hands(options.dry_run)
    try:
        code, end, message = serve(options, hands), "done", ""
    except Problem as problem:
        code, end, message = 1, "failed", str(problem)
    except KeyboardInterrupt:
        code, end, message = 130, "cancelled", ""
        print("\nStopped. Start it again to go on; what is downloaded is kept.")
    except OSError as error:
        code, end = 1, "failed"
        message = tr(
            "{file} cannot be used ({strerror}): see that the disk is not full and that the folder "
            "is yours, then try again.",
            file=error.filename or tr("A file"),
            strerror=error.strerror,
        )
    if end == "failed":
        print(f"install.py: {message}", file=sys.stderr)
    hands.end(end, message)
    return code


def serve(options, hands):
    """Do what the flags ask for; the exit code."""
    if options.uninstall:
        uninstall(home(), hands, options.purge)
        return 0
    if options.doctor:
        return doctor(home())
    if options.bundle:
        write_bundles(options.bundle, hands)
        return 0
    check_interpreter(options.another_computer)
    if options.test is not None:
        return test(options.test, hands)
    if options.editor in ("krita", "all"):
        expect_kritas()
    if options.editor in ("gimp", "all"):
        expect_gimps()
    if options.another_computer and not options.report:
        pair(home(), hands)
    set_up(home(), hands, options.another_computer)
    if not options.report:
        serve_editors(options, hands)
    if options.demo:
        demo(home(), hands)
    return 0


def serve_editors(options, hands):
    """The plug-in where it is asked for; and where it is, since an old one may not speak with a new
    backend."""
    kritas, gimps = find_kritas(), find_gimps()
    if options.editor in ("krita", "all") or (installed_in("krita", home()) and kritas):
        put_into_krita(home(), hands)
    elif kritas:
        hands.tell("Krita is here: install.py --editor krita puts Scumble into its menu.")
    if options.editor in ("gimp", "all") or (installed_in("gimp", home()) and gimps):
        put_into_gimp(home(), hands)
    elif gimps:
        hands.tell("GIMP is here: install.py --editor gimp puts Scumble into its menu.")


def read_options(arguments, about):
    """The flags. All that follows --test goes to pytest unread."""
    ours, pytest = arguments, None
    if "--test" in arguments:
        cut = arguments.index("--test")
        ours, pytest = arguments[:cut], arguments[cut + 1 :]
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--demo", action="store_true", help="then repaint the sample document")
    what.add_argument("--test", action="store_true", help="run the tests; the rest is for pytest")
    what.add_argument("--doctor", action="store_true", help="say what is wrong and what to do")
    what.add_argument("--uninstall", action="store_true", help="delete what was set up")
    what.add_argument(
        "--bundle", metavar="FOLDER", type=Path, help="make the files that artists download"
    )
    parser.add_argument(
        "--editor", choices=["krita", "gimp", "all"], help="put the plug-in into this editor"
    )
    parser.add_argument(
        "--another-computer", action="store_true",
        help="another computer paints: read the line that its scumble key add printed, and set up "
        "no torch here",
    )  # fmt: skip
    parser.add_argument("--purge", action="store_true", help="with --uninstall: presets too")
    parser.add_argument(
        "--report", metavar="FILE", type=Path, help="tell the editors' windows how it goes"
    )
    parser.add_argument("--dry-run", action="store_true", help="say it, do nothing")
    options = parser.parse_args(ours)
    if options.purge and not options.uninstall:
        parser.error("--purge goes with --uninstall")
    others = (options.demo, options.doctor, options.uninstall, options.bundle, options.editor)
    if pytest is not None and (any(others) or options.another_computer):
        parser.error("--test goes alone")
    if options.bundle and options.editor:
        parser.error("--bundle serves every editor: leave --editor away")
    if options.doctor and options.editor:
        parser.error("--doctor looks at every editor: leave --editor away")
    if options.uninstall and options.editor:
        parser.error("--uninstall takes Scumble out of every editor: leave --editor away")
    if options.another_computer and (options.doctor or options.uninstall or options.bundle):
        parser.error("--another-computer is for setting up: leave it away here")
    options.test = pytest
    return options
