"""Every sentence that goes by gettext, read from the sources; and the .po files brought up to date.

    .venv/bin/python -m tests.plugin.sentences

New sentences come into each file with nothing beside them, for a translator to fill in; those that
are not said any more go.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from scumble import language, parameters

REPOSITORY = Path(__file__).parents[2]
SOURCES = ("plugin/scumble", "backend/scumble_backend")
STAGES = ("environment", "home", "setting_up")  # of the installer, which the dialog shows
SAYS = {"tr": 1, "trn": 2, "later": 1}  # how many of its first arguments are sentences


def sentences() -> dict[str, str]:
    """Each sentence, and its plural where it has one."""
    found: dict[str, str] = {}
    for folder in SOURCES:
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            found |= dict(said(path.read_text("utf-8")))
    return found | dict.fromkeys(knobs(), "") | dict.fromkeys(stages(), "")


def said(source: str) -> Iterator[tuple[str, str]]:
    """Sentences and plurals of a file, in their order."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYS:
            count = SAYS[node.func.id]  # type: ignore[attr-defined]
            texts = [each.value for each in node.args[:count] if isinstance(each, ast.Constant)]
            if texts:
                yield str(texts[0]), str(texts[1]) if len(texts) == 2 else ""


def knobs() -> Iterator[str]:
    for each in (*parameters.PARAMETERS, *parameters.STYLE_PARAMETERS):
        yield from (each.english_label, each.english_help)
        yield from (each.caption(word) for word in each.words)


def stages() -> Iterator[str]:
    """What the installer tells of how it goes, as far as the dialog shows it."""
    for name in STAGES:
        tree = ast.parse((REPOSITORY / f"plugin/installer/{name}.py").read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "say":
                first = (
                    node.args[0].values[0]
                    if isinstance(node.args[0], ast.JoinedStr)
                    else node.args[0]
                )
                yield first.value.partition(" (")[0]  # type: ignore[attr-defined]


def catalogue(path: Path) -> dict[str, dict[str, str]]:
    """The entries of a .po file by their sentences."""
    return {each["msgid"]: each for each in language.entries(path.read_text("utf-8"))}


def written(entries: list[dict[str, str]]) -> str:
    """A .po file."""
    return "\n\n".join("\n".join(lines(each)) for each in entries) + "\n"


def lines(entry: dict[str, str]) -> Iterator[str]:
    if entry["flags"]:
        yield entry["flags"]
    for key in ("msgid", "msgid_plural"):
        if key in entry:
            yield f"{key} {quoted(entry[key])}"
    for number in range(6):
        if (text := entry.get(f"msgstr{number}")) is not None:
            form = f"[{number}]" if "msgid_plural" in entry else ""
            yield f"msgstr{form} {quoted(text)}"


def quoted(text: str) -> str:
    """In lines that end where the sentence's do."""
    parts = text.splitlines(keepends=True) or [""]
    whole = [json.dumps(part, ensure_ascii=False) for part in parts]
    return whole[0] if len(whole) == 1 else "\n".join(['""', *whole])


def updated(path: Path, wanted: dict[str, str]) -> str:
    known = catalogue(path)
    plurals = sorted(key for key in known[""] if key.startswith("forms")) or ["msgstr0"]
    forms = known[""]["msgstr0"].partition("nplurals=")[2][:1]
    plurals = [f"msgstr{number}" for number in range(int(forms))]
    result = [known[""]]
    for one, many in wanted.items():
        new = {"flags": "", "msgid": one}
        if many:
            new |= {"msgid_plural": many} | dict.fromkeys(plurals, "")
        else:
            new["msgstr0"] = ""
        old = known.get(one)
        result.append(old if old and ("msgid_plural" in old) == bool(many) else new)
    return written(result)


if __name__ == "__main__":
    for name in language.languages():
        file = language.LOCALE / name / language.FILE
        file.write_text(updated(file, sentences()), "utf-8")
