"""Every sentence that goes by gettext, read from the sources; and the .po files brought up to date.

    .venv/bin/python -m tests.plugin.translations

A new sentence comes into each file with nothing beside it, for a translator to fill in; what is not
said any more goes.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from scumble import language, parameters

REPOSITORY = Path(__file__).parents[2]
SOURCES = ("plugin/scumble", "plugin/installer", "backend/scumble_backend")
STAGES = ("environment", "home", "setting_up")  # of the installer: the dialog shows what they say
SAYS = {"tr": 1, "trn": 2, "later": 1}  # how many of its first arguments are sentences
NAMES = {"lite", "vgg19", "w2", "gram", "lbfgs", "adam"}  # the same in every language


def sentences() -> dict[str, str]:
    """Each sentence, and its plural where it has one."""
    found: dict[str, str] = {}
    for folder in SOURCES:
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            found |= dict(said(path.read_text("utf-8")))
    return found | dict.fromkeys((*knobs(), *stages()), "")


def said(source: str) -> Iterator[tuple[str, str]]:
    """The sentences of a file in their order, with their plurals."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda each: (each.lineno, each.col_offset)):
        count = SAYS.get(getattr(call.func, "id", ""), 0)
        texts = [str(each.value) for each in call.args[:count] if isinstance(each, ast.Constant)]
        if texts:
            yield texts[0], "".join(texts[1:])


def knobs() -> Iterator[str]:
    for each in (*parameters.PARAMETERS, *parameters.STYLE_PARAMETERS):
        yield from (each.english_label, each.english_help)
        yield from (each.caption(word) for word in each.words if word not in NAMES)


def stages() -> Iterator[str]:
    for name in STAGES:
        tree = ast.parse((REPOSITORY / f"plugin/installer/{name}.py").read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "say":
                text = next(each for each in ast.walk(node) if isinstance(each, ast.Constant))
                yield str(text.value).partition(" (")[0]  # as report.py tells it


def catalogue(name: str) -> dict[str, dict[str, str]]:
    """A language's entries by their sentences; "" is the file's own."""
    text = (language.LOCALE / name / language.FILE).read_text("utf-8")
    return {each["msgid"]: each for each in language.entries(text)}


def forms(entry: dict[str, str]) -> list[str]:
    """What is said in the language, in each of its plural forms."""
    return [entry[key] for key in sorted(entry) if key.startswith("msgstr")]


def updated(known: dict[str, dict[str, str]], wanted: dict[str, str]) -> Iterator[dict[str, str]]:
    """The entries of a file that has these sentences."""
    head = known[""]
    count = int(head["msgstr0"].partition("nplurals=")[2][:1])
    yield head
    for one, many in wanted.items():
        new = {"flags": "", "msgid": one, "msgstr0": ""}
        if many:
            new |= {"msgid_plural": many} | {f"msgstr{number}": "" for number in range(count)}
        old = known.get(one, {})
        yield old if old.get("msgid_plural") == new.get("msgid_plural") and old else new


def written(entry: dict[str, str]) -> str:
    """An entry of a .po file."""
    plural = "msgid_plural" in entry
    lines = [entry["flags"]] if entry["flags"] else []
    lines += [f"{key} {quoted(entry[key])}" for key in ("msgid", "msgid_plural") if key in entry]
    for number, text in enumerate(forms(entry)):
        lines.append(f"msgstr[{number}] {quoted(text)}" if plural else f"msgstr {quoted(text)}")
    return "\n".join(lines)


def quoted(text: str) -> str:
    """In lines that end where the text's do."""
    parts = [json.dumps(part, ensure_ascii=False) for part in text.splitlines(keepends=True)]
    return "\n".join(['""', *parts]) if len(parts) > 1 else "".join(parts) or '""'


if __name__ == "__main__":
    for spoken in language.languages():
        whole = "\n\n".join(map(written, updated(catalogue(spoken), sentences()))) + "\n"
        (language.LOCALE / spoken / language.FILE).write_text(whole, "utf-8")
