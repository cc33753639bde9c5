"""What an artist does in Krita, in steps that several files of tests take."""

import pytest
from krita_session import KritaSession, fresh_profile

QUICK = {"working_size": 256, "quality": "draft", "steps": 1}
NO_CHANGE = {"steps": 0, "working_size": 256}
ENDLESS = {"working_size": 256, "quality": "draft", "steps": 5000}
LONG = 300.0  # s
SET_UP = 900.0  # s for 3 GB over this machine's network


class Running:
    """The Krita that runs; another one where it has ended. how: its language, and what KritaSession
    takes."""

    def __init__(self, **how: str):
        self.session: KritaSession | None = None
        self._language = how.pop("language", "")
        self._how = how

    def get(self) -> KritaSession:
        if self.session is None or self.session.has_ended():
            fresh_profile(language=self._language)
            self.session = KritaSession(**self._how)
        return self.session


def one_krita(**hows: dict[str, str]):
    """A fixture for the tests of a file, since starting Krita takes long: one for each of hows."""

    @pytest.fixture(scope="module", params=hows or ["as it is"])
    def running(editors, request):
        running = Running(**hows.get(request.param, {}))
        yield running
        if running.session:
            running.session.stop()

    return running


def activate(krita, layer: str) -> None:
    """Make a layer the active one. Krita makes a new layer active some time after it came, and
    would overrule us: so ask until it stays."""

    def stays() -> bool:
        if krita.call("active") == layer:
            return True
        krita.call("set_active", layer=layer)
        return False

    krita.wait(lambda: all(stays() for _ in range(5)), LONG, "the active layer")


def open_dialog(krita, layer: str) -> None:
    activate(krita, layer)
    krita.wait(lambda: krita.call("action", name="scumble_stylize")["enabled"], LONG, "the action")
    krita.call("trigger", name="scumble_stylize")
    krita.wait_for("is_ready", LONG)


def paint(krita, styles: dict, values: dict) -> None:
    """Press Apply, and wait for the new layer."""
    krita.call("tick", styles=styles)
    krita.call("set_values", values=values)
    krita.wait(lambda: krita.call("dialog")["apply"], LONG, "the button Apply")
    krita.call("press_apply")
    krita.wait_for("is_idle", LONG)
    assert krita.call("dialog")["stage"].startswith("Done"), krita.call("dialog")


def start_endless(krita) -> None:
    krita.call("tick", styles={"Night wind": 1.0})
    krita.call("set_values", values=ENDLESS)
    krita.call("press_apply")
    krita.wait_for("has_preview", LONG)


def start_and_hold(krita, layer: str) -> None:
    """A job that is sent, and will end when the backend is released."""
    open_dialog(krita, layer)
    paint(krita, {"Night wind": 1.0}, NO_CHANGE)  # so that there is a process to hold
    krita.call("trigger", name="edit_undo")
    krita.call("hold_backend")
    krita.call("press_apply")
    krita.wait_for("is_sent", LONG)


def close_document_of_job(krita, layer: str) -> None:
    """While the job is held; then its result is kept."""
    start_and_hold(krita, layer)
    krita.call("close_document")
    krita.call("release_backend")
    krita.wait_for("unclaimed", LONG)


def below(state: dict, layer: dict) -> str:
    """The name of the layer under another."""
    names = [each["name"] for each in state["layers"] if each["parent"] == layer["parent"]]
    return names[names.index(layer["name"]) - 1]


def click(krita, place: list[int], button: int = 1) -> None:
    krita.hand("mousemove", *map(str, place), "sleep", "0.2", "click", str(button))


# The page that sets up


def page(krita) -> dict:
    return krita.call("setup.page") or {}


def wait_until_set_up(krita) -> None:
    """Until the page has given way to the dialog."""

    def is_over() -> bool:
        found = page(krita)
        assert not found.get("trouble"), found
        return not found

    krita.wait(is_over, SET_UP, "its end")


def press_on_page(krita, part: str) -> None:
    krita.call("setup.activate_dialog")
    click(krita, krita.call("setup.place_on_page", part=part))


def open_page(krita, layer: str) -> dict:
    activate(krita, layer)
    krita.wait(lambda: krita.call("action", name="scumble_stylize")["enabled"], LONG, "the action")
    krita.call("trigger", name="scumble_stylize")
    return krita.wait_for("setup.page")
