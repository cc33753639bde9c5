"""The real GIMP without its window, and the real backend: a result in place of a layer's pixels."""

import pytest
from gimp_session import gimp_of_either_kind

pytestmark = pytest.mark.gimp

QUICK = {"working-size": "256", "quality": "draft", "steps": "1", "feather": 0.0}
IN_PLACE = QUICK | {"replace": True}

console = gimp_of_either_kind(window=False, kinds=("pyzmq",))


@pytest.fixture
def gimp(console):
    console.call("close_all")
    return console


def make(gimp, **how) -> tuple[int, int, int]:
    """An image, its layer to repaint, in part transparent, and its style."""
    image = gimp.call("new_image", width=64, height=48, **how)
    content = gimp.call("add_layer", image=image, name="Photograph", seed=2, x=4, y=2)
    style = gimp.call("add_layer", image=image, name="Night wind", seed=3)
    return image, content, style


def run(gimp, image, content, style, values) -> int:
    done = gimp.call("run", image=image, drawables=[content], styles=[style], values=values)
    assert done["status"] == "success", done["said"]
    return done["layer"]


def described(gimp, image, layer) -> dict:
    layers = gimp.call("state", image=image)["layers"]
    return next(each for each in layers if each["id"] == layer)


@pytest.mark.parametrize("precision", ["u8-non-linear", "u16-non-linear", "float-linear"])
@pytest.mark.parametrize("base", ["rgb", "grey"])
def test_the_layer_has_the_pixels_that_a_new_one_would_have(gimp, base, precision):
    image, content, style = make(gimp, base=base, precision=precision)
    new = run(gimp, image, content, style, QUICK)
    wanted = gimp.call("copy_layer", layer=new)
    gimp.call("remove_layer", image=image, layer=new)
    before = gimp.call("state", image=image)
    assert run(gimp, image, content, style, IN_PLACE) == content
    after = gimp.call("state", image=image)
    assert gimp.call("difference", one=content, other=wanted) <= 1e-6
    changed = [each for each in after["layers"] if each not in before["layers"]]
    assert [each["id"] for each in changed] == [content], "no other layer is another"
    assert len(after["layers"]) == len(before["layers"])


@pytest.mark.parametrize("way", ["limit", "mask", "crop"])
def test_only_what_was_selected_is_another(gimp, way):
    image, content, style = make(gimp)
    kept = gimp.call("copy_layer", layer=content)
    alphas = gimp.call("alphas", layer=content)
    gimp.call("select", image=image, x=20, y=0, width=24, height=48)
    before = gimp.call("state", image=image)
    run(gimp, image, content, style, IN_PLACE | {"selection": way})
    assert gimp.call("state", image=image)["selection"] == before["selection"]
    changes = gimp.call("changes", one=kept, other=content)
    inside = slice(20 - 4, 44 - 4)  # the layer lies 4 px to the right
    assert max(changes[: inside.start] + changes[inside.stop :]) == 0
    assert min(changes[inside]) > 0
    assert gimp.call("alphas", layer=content) == pytest.approx(alphas, abs=1 / 255)


def test_its_edge_is_soft(gimp):
    """GIMP mixes there as it does for its own filters, in linear light."""
    image, content, style = make(gimp)
    kept = gimp.call("copy_layer", layer=content)
    new = run(gimp, image, content, style, QUICK)
    painted = gimp.call("changes", one=kept, other=new)
    gimp.call("remove_layer", image=image, layer=new)
    gimp.call("select", image=image, x=36, y=0, width=64 - 36, height=48)
    run(gimp, image, content, style, IN_PLACE | {"feather": 10.0})
    found = gimp.call("changes", one=kept, other=content)
    shares = [one / all for one, all in zip(found, painted, strict=True) if all > 0.02]
    assert shares[0] == 0
    assert max(shares) == pytest.approx(1, abs=0.05)
    assert sum(0.1 < each < 0.9 for each in shares) >= 4, "pixels on the way from old to new"


def test_a_layer_without_alpha_keeps_to_itself(gimp):
    image, _, style = make(gimp)
    content = gimp.call("add_layer", image=image, name="Opaque", alpha=False)
    gimp.call("select", image=image, x=20, y=0, width=24, height=48)
    run(gimp, image, content, style, IN_PLACE)
    assert described(gimp, image, content)["type"] == "rgb-image"


def test_a_group_gets_a_new_layer(gimp):
    image, _, style = make(gimp)
    group = gimp.call("add_group", image=image, name="Group")
    gimp.call("add_layer", image=image, name="Low", group=group)
    assert run(gimp, image, group, style, IN_PLACE) != group


@pytest.mark.parametrize("what", ["add_mask", "add_filter", "lock"])
def test_what_is_more_than_its_pixels_gets_a_new_layer(gimp, what):
    image, content, style = make(gimp)
    gimp.call(what, layer=content)
    before = described(gimp, image, content)
    assert run(gimp, image, content, style, IN_PLACE) != content
    assert described(gimp, image, content) == before


def test_a_palette_gets_a_new_layer(gimp):
    image, content, style = make(gimp)
    gimp.call("make_indexed", image=image)
    assert run(gimp, image, content, style, IN_PLACE) != content


def test_a_layer_in_a_locked_group_gets_a_new_layer(gimp):
    image, _, style = make(gimp)
    group = gimp.call("add_group", image=image, name="Group")
    low = gimp.call("add_layer", image=image, name="Low", group=group)
    gimp.call("lock", layer=group)
    assert run(gimp, image, low, style, IN_PLACE) != low


def test_the_artist_stays_on_the_layer(gimp):
    """GIMP selects a channel that comes, and another one when it goes."""
    image, content, style = make(gimp)
    gimp.call("add_channel", image=image)
    gimp.call("set_active", image=image, layers=[content])
    gimp.call("select", image=image, x=20, y=0, width=24, height=48)
    run(gimp, image, content, style, IN_PLACE)
    assert gimp.call("stands_on", image=image) == [content]
