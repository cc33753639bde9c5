"""The artist's language: gettext over the .po files in locale/, which are read as they are.

A sentence is written in English where it is said, `tr("“{name}” is empty.", name=layer.name)`: the
template is translated, and then filled in. The editor's language is chosen before all else is
imported (hosts/krita, hosts/gimp), since labels are said once. The command line chooses none and
speaks English; the backend speaks as each request wishes. At any doubt it is English: nothing here
raises.
"""

import ast
import contextlib
import functools
import gettext
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

LOCALE = Path(__file__).parent / "locale"
FILE = "LC_MESSAGES/scumble.po"
ENGLISH = ("en", "C", "POSIX")
OTHER_CHINESE = {"Hant", "TW", "HK", "MO"}
KEYS = ("msgid", "msgid_plural", "msgstr")
ENTRY = re.compile(r'(?:(msgid|msgid_plural|msgstr)(?:\[(\d)\])? )?(".*")')


class Catalogue(gettext.NullTranslations):
    """The sentences of a .po file. Entries marked as fuzzy are left out."""

    def _parse(self, fp) -> None:
        text = fp.read().decode("utf-8")
        self.said = {
            (entry["msgid"], number): entry[f"msgstr{number}"]
            for entry in entries(text)
            if "fuzzy" not in entry["flags"]
            for number in range(6)
            if entry.get(f"msgstr{number}")
        }
        rule = re.search(r"plural=(.+?);", self.said.get(("", 0), ""))
        self._plural = gettext.c2py(rule[1] if rule else "n != 1")

    def gettext(self, message: str) -> str:
        return self.said.get((message, 0), message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        english = msgid1 if n == 1 else msgid2
        return self.said.get((msgid1, int(self._plural(n))), english)


def entries(text: str) -> Iterator[dict[str, str]]:
    """Those of a .po file: "flags", "msgid", "msgid_plural", and "msgstr0" or one of each plural
    form. Raises ValueError or SyntaxError."""
    for block in re.split(r"\n\s*\n", text):
        entry, at = {"flags": ""}, ""
        for line in filter(None, map(str.strip, block.splitlines())):
            if line.startswith("#"):
                entry["flags"] += line if line.startswith("#,") else ""
                continue
            found = ENTRY.fullmatch(line)
            if not found:
                raise ValueError(f"no line of a .po file: {line}")
            if keyword := found[1]:
                at = f"msgstr{found[2] or 0}" if keyword == "msgstr" else keyword
            entry[at] = entry.get(at, "") + ast.literal_eval(found[3])
        if "msgid" in entry:
            yield entry


def languages() -> list[str]:
    """Those that Scumble speaks beside English; none where they cannot be looked for."""
    try:
        return _in(LOCALE)
    except OSError:  # a server may have no descriptor left; not remembered
        return []


@functools.cache
def _in(folder: Path) -> list[str]:
    return sorted(path.parent.parent.name for path in folder.glob(f"*/{FILE}"))


def pick(names: Iterable[str]) -> str:
    """The first of these languages that Scumble speaks; nothing where that is English, or none.

    names: as a system writes them, the dearest first: "de_DE.UTF-8", "zh-Hans-CN".
    """
    for name in filter(None, names):
        first, *rest = re.split(r"[^A-Za-z]+", name)
        if first in ENGLISH or (first == "zh" and OTHER_CHINESE & set(rest)):
            return ""
        found = "zh_CN" if first == "zh" else first
        if found in languages():
            return found
    return ""


def use(names: Iterable[str]) -> None:
    """Speak the first of these languages that is known."""
    global _spoken
    _spoken = pick(names)


def spoken() -> str:
    """The language in use; nothing for English."""
    return _spoken


@contextlib.contextmanager
def speaking(name: str) -> Iterator[None]:
    """Speak another language for a while. Only for a process with one thread that speaks."""
    global _spoken
    before = _spoken
    use([name])
    try:
        yield
    finally:
        _spoken = before


def tr(text: str, /, **values: Any) -> str:
    """A sentence in the artist's language, filled in."""
    return _filled(_catalogue(_spoken).gettext(text), text, values)


def trn(one: str, many: str, number: int, /, **values: Any) -> str:
    """As `tr`, of a number, which is {number}."""
    found = _catalogue(_spoken).ngettext(one, many, number)
    return _filled(found, one if number == 1 else many, {"number": number, **values})


def later(text: str) -> str:
    """Marks a sentence that goes through `tr` only where it is said."""
    return text


def decimal(value: float, places: int = 1) -> str:
    """A number as the language writes it."""
    return f"{value:.{places}f}".replace(".", tr("."))  # the decimal mark


def _filled(found: str, english: str, values: dict[str, Any]) -> str:
    if not values:
        return found
    try:
        return found.format(**values)
    except (LookupError, ValueError):  # a translation that asks for what is not there
        return english.format(**values)


@functools.lru_cache
def _catalogue(name: str) -> gettext.NullTranslations:
    with contextlib.suppress(OSError, ValueError, SyntaxError):
        if name:
            with open(LOCALE / name / FILE, "rb") as file:
                return Catalogue(file)
    return gettext.NullTranslations()


_spoken = ""
