import pytest
from tests.sentences import says

from scumble import language, parameters
from scumble.errors import ParameterError
from scumble.parameters import PARAMETERS, STYLE_PARAMETERS

BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}


@pytest.mark.parametrize("parameter", PARAMETERS + STYLE_PARAMETERS, ids=lambda p: p.name)
def test_every_default_is_allowed_and_every_knob_explained(parameter):
    assert parameter.check(parameter.default) == parameter.default
    assert parameter.label[0].isupper()
    assert parameter.help.endswith((".", ")"))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("strength", "75", 75.0),
        ("strength", "75%", 75.0),
        ("working_size", "auto", "auto"),
        ("working_size", "1024", 1024),
        ("steps", "0", 0),
        ("quality", "draft", "draft"),
        ("layer_weights", "1,2,3,4,0.5", (1.0, 2.0, 3.0, 4.0, 0.5)),
    ],
)
def test_text_is_read_as_the_artist_means_it(name, text, value):
    assert BY_NAME[name].parse(text) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("strength", 101),
        ("strength", -(10**400)),
        ("strength", [10**400]),
        ("layer_weights", (10**400, 1, 1, 1, 1)),
        ("strength", -1),
        ("strength", float("nan")),
        ("strength", "much"),
        ("strength", True),
        ("strength", None),
        ("working_size", 255),
        ("working_size", 512.5),
        ("quality", "best"),
        ("quality", 3),
        ("layer_weights", (1, 2)),
        ("layer_weights", (0, 0, 0, 0, 0)),
        ("layer_weights", "1,2,3"),
        ("seed", -1),
    ],
)
def test_a_wrong_value_gets_a_sentence_that_says_what_is_right(name, value):
    with pytest.raises(ParameterError) as error:
        parameters.check({name: value})
    assert str(error.value).startswith(f"{BY_NAME[name].label} cannot be “")
    assert BY_NAME[name].allowed() in str(error.value)


@pytest.mark.parametrize("text", ["inf", "nan", "1e400", "", "12px3"])
def test_a_number_that_is_none_is_refused(text):
    with pytest.raises(ParameterError):
        BY_NAME["strength"].parse(text)


def test_an_unknown_parameter_is_named_with_those_there_are():
    with pytest.raises(ParameterError, match=says("There is no parameter …: there are ….")):
        parameters.check({"strenght": 3})


def test_what_is_not_given_is_at_its_default():
    assert parameters.check({"seed": 5}) == parameters.defaults() | {"seed": 5}


def test_what_is_for_comparison_only_is_allowed_but_no_dialog_offers_it():
    quality = BY_NAME["quality"]
    assert quality.check("reference") == "reference"
    assert quality.offered() == ["draft", "standard", "fine"]


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.name)
def test_the_default_is_offered_and_every_word_has_a_caption(parameter):
    if parameter.kind == "choice":
        assert parameter.default in parameter.offered()
        assert all(parameter.caption(word) for word in parameter.words)


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.name)
def test_what_is_written_is_read_again(parameter):
    values = [parameter.default, *parameter.words]
    if parameter.kind in ("number", "integer"):
        values += [parameter.low, parameter.high]
    for value in values:
        assert parameter.parse(parameter.written(value)) == value


@pytest.mark.parametrize("name", [each.name for each in PARAMETERS if each.kind == "number"])
def test_a_slider_goes_from_end_to_end_and_its_middle_is_the_default_where_that_is_no_end(name):
    parameter = BY_NAME[name]
    low, middle, high = (
        parameter.low + (parameter.high - parameter.low) * place ** parameter.bend()
        for place in (0.0, 0.5, 1.0)
    )
    assert (low, high) == (parameter.low, parameter.high)
    if low < parameter.default < high:
        assert middle == pytest.approx(parameter.default)
    else:
        assert low < middle < high


@pytest.mark.parametrize("each", [*PARAMETERS, *STYLE_PARAMETERS], ids=lambda each: each.name)
def test_no_word_of_the_code_is_said_of_what_was_typed_wrong(each):
    with pytest.raises(ParameterError) as said:
        each.parse("huge")
    assert str(said.value).startswith(f"{each.label} cannot be “huge”: it takes ")
    assert "_" not in str(said.value)


def test_what_a_dialog_shows_is_understood_when_it_is_typed():
    size = next(each for each in PARAMETERS if each.name == "working_size")
    with language.speaking("ja"):
        assert size.shown("auto") == "自動"
        assert size.parse(size.meant(" 自動 ")) == "auto"
        assert size.allowed() == "256～16384 px、または 自動"
    assert size.shown("auto") == "Auto"
    assert size.parse(size.meant("AUTO")) == "auto"
    assert size.parse(size.meant("512 px")) == 512
