"""Who may import whom (the map in README.md), read from the source of every file."""

import ast
import re
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
ROOTS = {"scumble": REPOSITORY / "plugin", "scumble_backend": REPOSITORY / "backend"}
FOREIGN = {
    "zmq", "torch", "torchvision", "numpy", "PIL", "pyvips", "ray", "krita", "gi", "PyQt5", "PyQt6",
}  # fmt: skip

# module -> the modules of ours it may import; a module covers what lies below it.
PLUGIN_CORE = {
    "scumble": {"scumble.hosts.krita"},
    "scumble.errors": set(),
    "scumble.language": set(),
    "scumble.parameters": {"scumble.errors"},
    "scumble.pixels": {"scumble.errors"},
    "scumble.framing": {"scumble.errors", "scumble.pixels"},
    "scumble.protocol": {"scumble.errors", "scumble.framing", "scumble.pixels"},
    "scumble.connection": {"scumble.errors"},
    "scumble.logs": {"scumble.errors", "scumble.connection"},
    "scumble.guard": {"scumble.errors", "scumble.connection"},
    "scumble.machine": {"scumble.connection"},
    "scumble.vendor": set(),
    "scumble.pipe": set(),
    "scumble.lock": set(),
    "scumble.needs": {"scumble.connection"},
    "scumble.uv": {"scumble.errors"},
    "scumble.pythons": {
        "scumble.errors", "scumble.connection", "scumble.environment", "scumble.uv",
    },
    "scumble.disk": {
        "scumble.errors", "scumble.connection", "scumble.environment", "scumble.lock",
        "scumble.needs",
    },
    "scumble.setup": {
        "scumble.errors", "scumble.connection", "scumble.environment", "scumble.lock",
        "scumble.needs", "scumble.disk", "scumble.pythons", "scumble.uv", "scumble.backends",
    },
    "scumble.environment": {"scumble.errors", "scumble.connection"},
    "scumble.wire": {
        "scumble.errors", "scumble.connection", "scumble.pixels", "scumble.protocol",
    },
    "scumble.courier": {
        "scumble.errors", "scumble.connection", "scumble.environment", "scumble.protocol",
        "scumble.pipe", "scumble.logs",
    },
    "scumble.presets": {
        "scumble.errors", "scumble.parameters", "scumble.connection", "scumble.lock",
        "scumble.pixels",
    },
    "scumble.resultfiles": {"scumble.errors", "scumble.connection", "scumble.pixels"},
    "scumble.unclaimed": {
        "scumble.errors", "scumble.connection", "scumble.pixels", "scumble.resultfiles",
    },
    "scumble.history": {
        "scumble.errors", "scumble.connection", "scumble.pixels", "scumble.resultfiles",
    },
    "scumble.client": {
        "scumble.errors", "scumble.protocol", "scumble.pixels", "scumble.connection",
        "scumble.wire", "scumble.courier",
    },
    "scumble.backends": {"scumble.errors", "scumble.connection", "scumble.lock"},
    "scumble.launcher": {
        "scumble.errors", "scumble.connection", "scumble.client", "scumble.environment",
        "scumble.backends",
        "scumble.lock", "scumble.logs", "scumble.protocol",
    },
    "scumble.host": {"scumble.pixels", "scumble.protocol"},
    "scumble.placement": {"scumble.host"},
    "scumble.ways": {"scumble.parameters"},
    "scumble.places": {
        "scumble.errors", "scumble.protocol", "scumble.pixels", "scumble.host",
    },
    "scumble.session": {
        "scumble.errors", "scumble.parameters", "scumble.protocol", "scumble.pixels",
        "scumble.client", "scumble.host", "scumble.placement", "scumble.places",
        "scumble.delivery",
    },
    "scumble.delivery": {
        "scumble.errors", "scumble.host", "scumble.pixels", "scumble.placement",
        "scumble.protocol",
    },
}  # fmt: skip
SPEAKS = {"scumble.language"}  # what every module may say a sentence with
OVER_THE_CORE = (["hosts"], ["presenter"])
CORE = set(PLUGIN_CORE)  # what the dialog's logic may use
PRESENTER = (
    "words",
    "setupwords",
    "manualwords",
    "roles",
    "styles",
    "view",
    "states",
    "editor",
    "manual",
    "stylefiles",
    "records",
    "timers",
    "sentences",
    "looking",
    "scene",
    "painting",
    "shelves",
    "adopting",
    "historylist",
    "presetlist",
    "offers",
    "elsewhere",
    "settingup",
    "about",
    "ondevice",
    "drafts",
    "estimates",
    "engine",
    "thumbnails",
    "layerlist",
    "several",
    "series",
    "frames",
    "together",
    "last",
    "detail",
    "regions",
    "adding",
    "choosing",
    "overlay",
    "picture",
    "recolouring",
    "presenter",
    "menus",
    "choosers",
    "widgetlist",
    "rowlist",
    "drawing",
)  # each imports from those before it only
ENGINE = {
    "encoder": set(),
    "pyramid": {"encoder"},
    "losses": {"pyramid"},
    "guides": {"encoder"},
    "colour": set(),
    "wrap": {"pyramid"},
    "detail": {"colour", "pyramid"},
    "brushwork": {
        "colour",
        "detail",
        "guides",
        "neighbours",
        "pyramid",
        "regions",
        "styles",
    },
    "passage": {"encoder"},
    "styles": {"guides", "encoder", "losses", "passage", "pyramid"},
    "regions": {"guides", "encoder", "losses", "pyramid", "styles", "wrap"},
    "directions": set(),
    "motion": {"pyramid"},
    "hypercolumns": {"losses"},
    "neighbours": {
        "directions",
        "guides",
        "encoder",
        "hypercolumns",
        "losses",
        "passage",
        "pyramid",
        "regions",
        "styles",
    },
    "objective": {
        "guides",
        "encoder",
        "losses",
        "neighbours",
        "passage",
        "regions",
        "styles",
        "wrap",
    },
    "optimisers": {"pyramid"},
    "thrift": {"encoder", "optimisers"},
    "stylize": {
        "wrap",
        "colour",
        "directions",
        "guides",
        "encoder",
        "losses",
        "pyramid",
        "regions",
        "styles",
        "objective",
        "optimisers",
        "thrift",
    },
}
ZMQ = {
    "scumble.wire", "scumble_backend.server.server", "scumble_backend.server.child",
    "scumble_backend.server.keys", "scumble_backend.server.courier",
    "scumble_backend.server.outbox", "scumble_backend.server.door",
    "scumble_backend.server.station",
}  # fmt: skip
INSTALLER = REPOSITORY / "plugin/installer"
ROOMS = (  # of the installer, each of which imports from those before it only
    "hands", "project", "report", "record", "archive", "environment", "home", "pairing",
    "setting_up", "plugin", "kritas", "gimps", "demo", "doctor", "uninstall", "command",
)  # fmt: skip
MAY = {
    "scumble.lock",
    "scumble.language",
    "scumble.needs",
    "scumble.disk",
    "scumble.environment",
    "scumble.backends",
    "scumble.errors",
}  # of the plug-in: no more than the standard library either

# What only a subcommand imports, when it runs.
BY_SUBCOMMANDS = {
    f"scumble_backend.{name}"
    for name in (
        "compute.weights",
        "cli.bench",
        "cli.cluster",
        "cli.device_command",
        "cli.doctor",
    )
}


def modules() -> dict[str, Path]:
    found = {}
    for package, root in ROOTS.items():
        for path in (root / package).rglob("*.py"):
            name = ".".join(path.relative_to(root).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


def imports(path: Path) -> set[str]:
    """Every module a file imports, wherever it does; `from a import b` counts as a and a.b."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {str(node.module)} | {f"{node.module}.{each.name}" for each in node.names}
    return found


MODULES = modules()
IMPORTS = {name: imports(path) for name, path in MODULES.items()}


def ours(name: str) -> set[str]:
    return {each for each in IMPORTS[name] if each in MODULES and each not in ROOTS}


def foreign(name: str) -> set[str]:
    return {each.partition(".")[0] for each in IMPORTS[name]} & FOREIGN


@pytest.mark.parametrize("name", PLUGIN_CORE)
def test_the_plug_ins_core_imports_downwards_only(name):
    assert ours(name) <= PLUGIN_CORE[name] | SPEAKS
    assert foreign(name) <= ({"zmq"} if name in ZMQ else set())


def test_the_core_list_is_whole():
    core = {
        name
        for name in MODULES
        if name.partition(".")[0] == "scumble" and name.split(".")[1:2] not in OVER_THE_CORE
    }
    assert core == set(PLUGIN_CORE)


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("scumble.")])
def test_the_plug_in_never_imports_the_backend_or_torch(name):
    assert not any(each.startswith("scumble_backend") for each in IMPORTS[name])
    assert "torch" not in foreign(name)


@pytest.mark.parametrize("name", [name for name in MODULES if ".hosts." in name])
def test_a_host_imports_its_own_editor_only(name):
    allowed = {
        "krita": {"krita", "PyQt5", "PyQt6"},
        "gimp": {"gi"},
    }.get(name.split(".")[2], {"numpy", "pyvips", "PIL"})
    assert foreign(name) <= allowed


@pytest.mark.parametrize("name", PRESENTER)
def test_the_presenter_knows_no_editor_and_imports_downwards_only(name):
    below = {f"scumble.presenter.{each}" for each in PRESENTER[: PRESENTER.index(name)]}
    assert ours(f"scumble.presenter.{name}") <= CORE | {"scumble.presenter"} | below
    assert foreign(f"scumble.presenter.{name}") == set()


@pytest.mark.parametrize("name", [*PLUGIN_CORE, *(f"scumble.presenter.{e}" for e in PRESENTER)])
def test_nothing_but_a_host_knows_an_editor_by_name(name):
    """In what it does; a comment may say for whose sake. Krita itself loads the package."""
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    words = [
        str(getattr(node, field))
        for node in ast.walk(tree)
        for field in ("id", "attr", "module", "value", "name")
        if id(node) not in texts and isinstance(getattr(node, field, None), str)
    ]
    assert name == "scumble" or not re.search("krita|gimp", " ".join(words), re.IGNORECASE)


def test_the_presenters_list_is_whole():
    inside = {name for name in MODULES if name.startswith("scumble.presenter.")}
    assert inside == {f"scumble.presenter.{name}" for name in PRESENTER}


@pytest.mark.parametrize("name", ENGINE)
def test_the_engine_is_pure(name):
    own = f"scumble_backend.engine.{name}"
    allowed = {f"scumble_backend.engine.{each}" for each in ENGINE[name]} | {
        "scumble_backend.engine"
    }
    assert ours(own) <= allowed
    assert foreign(own) <= {"torch"}
    text = MODULES[own].read_text(encoding="utf-8")
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"print", "open"}


def test_the_engine_list_is_whole():
    inside = {
        name.rpartition(".")[2] for name in MODULES if name.startswith("scumble_backend.engine.")
    }
    assert inside == set(ENGINE)


@pytest.mark.parametrize("name", ROOMS)
def test_the_installer_imports_the_standard_library_and_downwards_only(name):
    found = {each for each in imports(INSTALLER / f"{name}.py") if each != "installer"}
    own = {each.split(".")[1] for each in found if each.startswith("installer.")}
    assert own <= {"Problem", *ROOMS[: ROOMS.index(name)]}
    others = {each for each in found if each.partition(".")[0] not in ("installer", "scumble")}
    assert {each.partition(".")[0] for each in others} <= sys.stdlib_module_names
    plugin = {each for each in found if each.partition(".")[0] == "scumble"}
    assert {".".join(each.split(".")[:2]) for each in plugin} <= MAY


def test_the_installers_list_is_whole():
    assert {path.stem for path in INSTALLER.glob("*.py")} == {"__init__", "out_of_archive", *ROOMS}


def test_zmq_is_imported_where_it_may_be():
    assert {name for name in MODULES if "zmq" in foreign(name)} == ZMQ


def test_ray_is_imported_where_many_machines_paint_and_nowhere_else():
    nodes, cluster, relay = (
        f"scumble_backend.cli.{each}" for each in ("nodes", "cluster", "relay")
    )
    assert {name for name in MODULES if "ray" in foreign(name)} == {nodes}
    users = {cluster, relay, "scumble_backend.cli.sharing"}
    assert {name for name in MODULES if nodes in ours(name)} == users
    assert {name for name in MODULES if cluster in ours(name)} == {"scumble_backend.cli.batch"}
    assert {name for name in MODULES if relay in ours(name)} == set()


SERVER = {name for name in MODULES if name.startswith("scumble_backend.server")}
COMPUTE = {name for name in MODULES if name.startswith("scumble_backend.compute")}
COMMAND = {
    f"scumble_backend.{name}"
    for name in (
        "cli",
        "cli.commands",
        "cli.arguments",
        "cli.batch",
        "cli.choices",
        "cli.records",
        "cli.tasks",
        "cli.terminal",
        "__main__",
    )
}


def test_server_and_compute_never_import_each_other_nor_the_command():
    for name in SERVER | COMPUTE:
        other = "compute" if name in SERVER else "server"
        found = {each.split(".")[1] for each in ours(name) if each.startswith("scumble_backend.")}
        assert not found & {other, "cli"}, name


@pytest.mark.parametrize("name", sorted(SERVER | COMMAND | {"scumble_backend"}))
def test_the_server_and_all_it_imports_are_free_of_torch(name):
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        module = ahead.pop()
        if module not in seen:
            seen.add(module)
            assert "torch" not in foreign(module), module
            ahead += [each for each in ours(module) if each not in BY_SUBCOMMANDS]


def test_no_file_is_crowded():
    installer = {f"installer.{path.stem}": path for path in INSTALLER.glob("*.py")}
    files = (MODULES | installer).items()
    lines = {name: len(path.read_text().splitlines()) for name, path in files}
    assert {name: count for name, count in lines.items() if count > 500} == {}
