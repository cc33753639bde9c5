"""Sentences in the artist's language, and English at any doubt; all of them, in every language."""

import ast
import re
import string
import subprocess
import sys
from collections.abc import Iterator

import pytest
from tests.plugin.translations import REPOSITORY, SOURCES, catalogue, forms, sentences

from scumble import language
from scumble.language import Catalogue, decimal, entries, pick, tr, trn

PO = r"""
# what a translator notes
msgid ""
msgstr ""
"Plural-Forms: nplurals=2; plural=(n > 1);\n"

msgid "“{name}” is empty: "
"paint on it.\n"
msgstr "« {name} » est vide : "
"peignez dessus.\n"

#, fuzzy
msgid "Layer"
msgstr "Couche"

msgid "{number} before it"
msgid_plural "{number} before it"
msgstr[0] "{number} devant"
msgstr[1] "{number} devants"

msgid "Say \"{what}\""
msgstr "Dis {whut}"
"""


@pytest.fixture
def french(tmp_path, monkeypatch):
    path = tmp_path / "fr" / language.FILE
    path.parent.mkdir(parents=True)
    path.write_text(PO, "utf-8")
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    language._catalogue.cache_clear()
    yield path
    language._catalogue.cache_clear()


def test_a_template_is_translated_and_then_filled_in(french):
    with language.speaking("fr"):
        assert tr("“{name}” is empty: paint on it.\n", name="Ciel") == (
            "« Ciel » est vide : peignez dessus.\n"
        )
    assert tr("“{name}” is empty: paint on it.\n", name="Sky") == "“Sky” is empty: paint on it.\n"


def test_a_number_takes_its_plural_form(french):
    with language.speaking("fr"):
        said = [trn("{number} before it", "{number} before it", n) for n in (0, 1, 2)]
    assert said == ["0 devant", "1 devant", "2 devants"]
    assert trn("{number} layer", "{number} layers", 1) == "1 layer"
    assert trn("{number} layer", "{number} layers", 2) == "2 layers"


def test_what_is_fuzzy_unknown_or_broken_is_said_in_english(french):
    with language.speaking("fr"):
        assert tr("Layer") == "Layer"
        assert tr("Selection") == "Selection"
        assert tr('Say "{what}"', what="so") == 'Say "so"'


@pytest.mark.parametrize(
    "broken", [b"", b"\xff\xfe", b"msgid", b'msgid "a\nmsgstr', b'msgid "\\x"']
)
def test_a_damaged_file_is_english(french, broken):
    french.write_bytes(broken)
    with language.speaking("fr"):
        assert tr("Layer") == "Layer"
        assert trn("{number} layer", "{number} layers", 2) == "2 layers"


@pytest.mark.parametrize(
    ("names", "picked"),
    [
        (["de_DE.UTF-8", "de", "C"], "de"),
        (["de-AT"], "de"),
        (["pt_BR", "fr_FR@euro"], "fr"),
        (["en_GB", "de"], ""),
        (["C"], ""),
        ([], ""),
        (["", "tlh"], ""),
        (["zh-Hans-CN"], "zh_CN"),
        (["zh_SG.utf8"], "zh_CN"),
        (["zh_TW", "zh", "C"], ""),
        (["zh-Hant-HK"], ""),
        (["../../de", "/etc"], ""),
    ],
)
def test_the_editors_first_language_that_is_known_is_spoken(names, picked, monkeypatch):
    monkeypatch.setattr(language, "languages", lambda: ["de", "fr", "zh_CN"])
    assert pick(names) == picked


def test_another_language_is_spoken_for_a_while_only(french):
    with language.speaking("fr"):
        assert language.spoken() == "fr"
        with language.speaking("tlh"):
            assert language.spoken() == ""
        assert language.spoken() == "fr"
    assert language.spoken() == ""


def test_a_number_has_the_mark_of_the_language():
    assert decimal(3.14159) == "3.1"
    assert decimal(3.14159, 2) == "3.14"
    assert decimal(2.5, 0) == "2"


def test_a_file_is_read_as_gettext_writes_it(french):
    found = list(entries(PO))
    assert [each["flags"] for each in found] == ["", "", "#, fuzzy", "", ""]
    with french.open("rb") as file:
        assert Catalogue(file).gettext("Layer") == "Layer"


# The languages themselves

SPOKEN = ["de", "es", "fr", "ja", "zh_CN"]
CURE = "run python -m tests.plugin.translations, and translate what is empty or fuzzy then"


def fields(text: str) -> set[tuple]:
    """What is put in: names, with no more behind them."""
    return {found[1:] for found in string.Formatter().parse(text) if found[1] is not None}


def test_these_languages_are_spoken():
    assert language.languages() == SPOKEN


@pytest.mark.parametrize("name", SPOKEN)
def test_every_sentence_is_translated_and_no_other(name):
    known, wanted = catalogue(name), sentences()
    assert [each for each in wanted if each not in known] == [], CURE
    assert [each for each in known if each and each not in wanted] == [], CURE
    assert [each for each, entry in known.items() if "fuzzy" in entry["flags"]] == [], CURE
    assert [each for each, entry in known.items() if not all(forms(entry))] == [], CURE
    plurals = {each: entry.get("msgid_plural", "") for each, entry in known.items() if each}
    assert plurals == wanted


@pytest.mark.parametrize("name", SPOKEN)
def test_a_translation_puts_in_the_same_and_has_the_same_shape(name):
    """The same fields, keys to press, lines, and spaces at its ends."""
    for one, entry in catalogue(name).items():
        for said in forms(entry) if one else ():
            assert fields(said) == fields(one), one
            assert said.count("_") == one.count("_"), one
            assert said.count("\n") == one.count("\n"), one
            assert [said[0] == " ", said[-1] == " "] == [one[0] == " ", one[-1] == " "], one


def test_all_plural_forms_are_there():
    for name in SPOKEN:
        rules = forms(catalogue(name)[""])[0]
        count = int(re.findall(r"nplurals=(\d)", rules)[0])
        plurals = [each for each in catalogue(name).values() if "msgid_plural" in each]
        assert plurals
        assert all(len(forms(each)) == count for each in plurals)


def test_the_dialogs_words_are_in_the_language_that_was_chosen_before():
    """In a process of its own, as in an editor: labels are said once."""
    code = (
        "from scumble import language; language.use(['de_AT.UTF-8', 'C']);"
        "from scumble import parameters; from scumble.presenter import words;"
        "print(words.private(''), words.time(200), parameters.PARAMETERS[0].label, sep='|')"
    )
    said = subprocess.check_output([sys.executable, "-X", "utf8", "-c", code], encoding="utf-8")
    assert said.strip() == "Ihre Bilder bleiben auf diesem Computer.|3 min|Stärke"


# Whether all is said by gettext

SEEN = ("plugin/scumble/presenter", "plugin/scumble/hosts/krita", "plugin/scumble/hosts/gimp")
WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}|^[A-Z][a-z]+(?=$|[ .:])")
NOT_SAID = {
    "Scumble",
    "Scumble ",
    "Scumble: ",
    "Scumble could not start",  # to the log
    *("sRGB built-in", "sRGB IEC61966-2.1", "RGBA float"),  # as the editors call them
    *("Gimp", "Gegl", "Gtk", "Gdk", "Krita"),  # names
}
FOR_SCRIPTS = "procedure.py"  # GIMP's browser of procedures shows it to who writes scripts


def unsaid(tree: ast.AST) -> Iterator[str]:
    """The words of a file that go by no gettext, but for what nobody sees."""
    passed = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):  # a docstring
            passed.add(node.value)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("tr", "trn", "later"):
            passed |= set(ast.walk(node))
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and node not in passed else ""
        plain = re.sub(r"</?[a-z][^>]*>?", "", text) if isinstance(text, str) else ""
        if WORDS.search(plain) and text not in NOT_SAID:
            yield str(text)


def test_nothing_in_the_dialogs_is_said_without_gettext():
    files = [path for folder in SEEN for path in sorted((REPOSITORY / folder).glob("*.py"))]
    found = {
        path.name: words
        for path in files
        if path.name != FOR_SCRIPTS and (words := list(unsaid(ast.parse(path.read_text("utf-8")))))
    }
    assert found == {}


def test_words_that_go_by_no_gettext_are_found():
    source = '''"""A file."""\nlabel.setText("Layer to paint")\nlabel.setText(tr("A layer"))'''
    assert list(unsaid(ast.parse(source))) == ["Layer to paint"]
    assert list(unsaid(ast.parse('heading(f"<b>How {it} goes</b>")'))) == ["<b>How "]


def test_a_template_is_a_literal_and_is_filled_in_afterwards():
    """An f-string would be another sentence each time, and none of them known."""
    for folder in SOURCES:
        for path in (REPOSITORY / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("tr", "trn"):
                    assert not isinstance(node.args[0], (ast.JoinedStr, ast.BinOp)), path
                    put_in = {(each.arg, "", None) for each in node.keywords}
                    for text in node.args[: 2 if node.func.id == "trn" else 1]:
                        if isinstance(text, ast.Constant):
                            counted = {("number", "", None)} if node.func.id == "trn" else set()
                            assert fields(text.value) == put_in | counted, path
