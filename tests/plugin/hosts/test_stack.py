"""stack.xml is read strictly, and grows by one layer without losing a byte."""

import xml.etree.ElementTree as ElementTree

import pytest
from tests.sentences import says

from scumble.errors import PictureError
from scumble.hosts import stack

PLAIN = b"""<?xml version='1.0' encoding='UTF-8'?>
<!-- kept -->
<image w="40" h="30" xres="72" mine="1">
  <stack>
    <layer name="top" src="data/0.png" x="-3" y="2" opacity="0.5" composite-op="svg:screen"/>
    <stack name="group" visibility="hidden" isolation="isolate">
      <text>unknown</text>
      <layer name="twin" src="data/1.png"/><layer name="twin" src="data/2.png"/>
    </stack>
    <layer src="data/3.png" selected="true" krita:x="y"><note/></layer>
  </stack>
</image>
"""


def only(attributes: str) -> bytes:
    """A document of one layer."""
    return f'<image w="9" h="9"><stack><layer name="a" {attributes}/></stack></image>'.encode()


def test_ids_are_the_places_topmost_first():
    nodes = stack.parse(PLAIN).nodes()
    assert [(id, node.name) for id, node in nodes.items()] == [
        ("0", "top"),
        ("1", "group"),
        ("1/0", "twin"),
        ("1/1", "twin"),
        ("2", "data/3.png"),
    ]


def test_attributes_mean_what_they_say_and_have_the_defaults_of_the_specification():
    found = stack.parse(PLAIN)
    top, group, bottom = (found.nodes()[id] for id in ("0", "1", "2"))
    assert found.extent == (0, 0, 40, 30)
    assert (top.place, top.opacity, top.mode, top.visible) == ((-3, 2), 0.5, "svg:screen", True)
    assert (bottom.place, bottom.opacity, bottom.mode) == ((0, 0), 1.0, "svg:src-over")
    assert (group.visible, group.isolated, bottom.selected) == (False, True, True)


@pytest.mark.parametrize(
    ("attributes", "isolated"),
    [
        ("", False),
        ('isolation="auto"', False),
        ('isolation="isolate"', True),
        ('opacity="0.5"', True),
        ('composite-op="svg:multiply"', True),
    ],
)
def test_a_group_is_isolated_where_the_specification_says_so(attributes, isolated):
    text = f'<image w="9" h="9"><stack><stack {attributes}/></stack></image>'.encode()
    assert stack.parse(text).nodes()["0"].isolated is isolated


@pytest.mark.parametrize("above", ["0", "1", "1/0", "1/1", "2"])
def test_the_new_layer_lies_right_above_and_every_other_byte_stays(above):
    before = stack.parse(PLAIN)
    after = before.with_layer(above, "new", "data/new.png", 7, -8)
    start = before.nodes()[above].start
    added = len(after.text) - len(before.text)
    assert after.text[:start] + after.text[start + added :] == before.text
    assert (after.nodes()[above].name, after.nodes()[above].place) == ("new", (7, -8))
    *group, place = above.split("/")
    below = "/".join([*group, str(int(place) + 1)])
    assert after.nodes()[below].attributes == before.nodes()[above].attributes


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("<a> & \"b\" 'c'", "<a> & \"b\" 'c'"),
        ("日本語\N{IDEOGRAPHIC SPACE}é", "日本語\N{IDEOGRAPHIC SPACE}é"),
        ("two\nlines\ttab", "two\nlines\ttab"),
        ("\x1b[31m\0", "\ufffd[31m\ufffd"),
        ("\udcff\uffff\U0001f3a8", "\ufffd\ufffd\U0001f3a8"),
    ],
)
@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1"])
def test_any_name_can_be_written_and_read_by_another_parser(name, read, encoding):
    text = PLAIN.replace(b"UTF-8", encoding.encode()).replace(b"krita:x", b"x-x")
    grown = stack.parse(text).with_layer("0", name, "data/new.png", 0, 0)
    first = next(ElementTree.fromstring(grown.text).iter("layer"))
    assert first.get("name") == read


DAMAGED = says("Its stack.xml is damaged (…): save the document again from your editor.")
NOT_UTF8 = says("Its stack.xml is not UTF-8: save the document again from your editor.")
NO_LAYERS = says("Its stack.xml holds no layers: save the document again.")
DOCTYPE = says("Its stack.xml holds a DOCTYPE, which no editor writes: refused.")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", DAMAGED),
        (b"<image", DAMAGED),
        (PLAIN[:200], DAMAGED),
        (b"\xff\xfe\x00", NOT_UTF8),
        (PLAIN.decode().encode("utf-16"), NOT_UTF8),
        (b"<?xml version='1.0' encoding='nosuch'?><image/>", DAMAGED),
        (b"<image w='9' h='9'/>", NO_LAYERS),
        (b"<svg><stack/></svg>", NO_LAYERS),
        (b"<image><stack/></image>", "does not say its size"),
        (b"<image w='9.5' h='9'><stack/></image>", "does not say its size"),
        (b"<image w='0' h='9'><stack/></image>", "is empty"),
        (b"<image w='-5' h='9'><stack/></image>", "is empty"),
        (b"<image w='20000' h='20000'><stack/></image>", "at most 16384 x 16384 px"),
        (only("x='1.5'"), "has x “1.5”"),
        (
            only("x='abc'"),
            says("The layer “…” has … “…”, which no editor writes: save the document again"),
        ),
        (only("y='1e999'"), "has y “1e999”"),
        (only("y='nan'"), "has y “nan”"),
        (only("x='99999999'"), "has x “99999999”"),
        (only("opacity='half'"), "has opacity “half”"),
        (only("opacity='nan'"), "has opacity “nan”"),
        (b"<!DOCTYPE image>" + only(""), DOCTYPE),
        (b"<!DOCTYPE image [<!ENTITY a 'b'>]>" + only("src='&a;'"), DOCTYPE),
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'>" + only(""), DOCTYPE),
        (
            b"<image w='9' h='9'>" + 100 * b"<stack>" + 100 * b"</stack>" + b"</image>",
            says("more than … layers, or groups more than … deep: merge some."),
        ),
        (b"<image w='9' h='9'><stack>" + 3000 * b"<layer/>" + b"</stack></image>", "2000 layers"),
    ],
)
def test_what_no_editor_writes_is_refused_in_one_sentence(text, sentence):
    with pytest.raises(PictureError, match=sentence) as caught:
        stack.parse(text)
    assert "\n" not in str(caught.value)


def test_entities_that_multiply_are_refused_before_they_are_unfolded():
    entities = b"<!ENTITY a0 'ha'>" + b"".join(
        b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 30)
    )
    with pytest.raises(PictureError, match=DOCTYPE):
        stack.parse(b"<!DOCTYPE image [" + entities + b"]>" + only("name2='&a29;'"))


@pytest.mark.parametrize(
    ("written", "opacity"), [("1.5", 1.0), ("-1", 0.0), ("", 1.0), ("1e-3", 0.001)]
)
def test_opacity_stays_between_0_and_1(written, opacity):
    assert stack.parse(only(f'opacity="{written}"')).nodes()["0"].opacity == opacity
