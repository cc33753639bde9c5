"""Sentences in the artist's language, and English at any doubt."""

import pytest

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
