"""uv, the installer of Python and of packages, out of its wheel on the package index.

One file for each system, about 18 MB, checked by the index's hash; the index is the one that pip or
uv are told to use, else pip's own, which was noted when the plug-in was made.
"""

import hashlib
import html
import io
import json
import os
import platform
import re
import ssl
import sys
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

from scumble.errors import StartError
from scumble.language import tr

NOTED = Path(__file__).with_name("project.json")
SETTINGS = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")  # the usual ones
JSON = "application/vnd.pypi.simple.v1+json"
PATIENCE = 30.0  # s for a word of the index
BLOCK = 1 << 18  # bytes
LINK = re.compile(r'<a[^>]*href="([^"]+)"[^>]*>([^<]+)</a>')
CERTIFICATES = (  # an editor's own Python may not know where its system keeps them
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
)  # fmt: skip


def ensure_uv(home: Path, on_bytes: Callable[[int, int], None]) -> Path:
    """uv's program in Scumble's folder, fetched where it is missing. Raises StartError."""
    program = home / "uv" / ("uv.exe" if sys.platform == "win32" else "uv")
    if program.is_file():
        return program
    index = _index()
    try:
        url, digest = newest(f"{index.rstrip('/')}/uv/")
        wheel = _fetch(url, {}, on_bytes)
        if hashlib.sha256(wheel).hexdigest() != digest:
            raise StartError(tr("What came from {url} is damaged: try again.", url=url))
        _put(_program(wheel), program)
    except (OSError, ValueError, LookupError, zipfile.BadZipFile) as error:
        raise StartError(
            tr(
                "Scumble could not fetch what sets it up from {index} ({error}): see that "
                "this computer is online, and try again.",
                index=index,
                error=error,
            )
        ) from error
    return program


def _index() -> str:
    for name in SETTINGS:
        if chosen := os.environ.get(name):
            return chosen
    try:
        return str(json.loads(NOTED.read_text(encoding="utf-8"))["index"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise StartError(
            tr(
                "Scumble does not know where to fetch what sets it up: name a package index "
                "by the environment variable UV_DEFAULT_INDEX."
            )
        ) from error


def newest(page: str) -> tuple[str, str]:
    """The address and the SHA-256 of the newest wheel for this system. Raises LookupError."""
    accept = {"Accept": f"{JSON}, text/html;q=0.5"}
    text = _fetch(page, accept, lambda *_: None).decode()
    found = _from_json(text) if text.lstrip().startswith("{") else _from_html(text)
    fitting = {name: rest for name, rest in found.items() if rest[1] and fits(name)}
    if not fitting:
        raise LookupError(f"no uv for {platform.system()} on {platform.machine()} there")
    url, digest = fitting[max(fitting, key=_version)]
    return urllib.parse.urljoin(page, url), digest


def fits(name: str) -> bool:
    """Whether this is the file name of a released uv's wheel that runs here."""
    parts = re.fullmatch(r"uv-[\d.]+-py3-none-(.+)\.whl", name)
    machine = platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if parts is None:
        return False
    if sys.platform == "win32":
        return parts[1] == {"x86_64": "win_amd64", "aarch64": "win_arm64"}.get(machine)
    if sys.platform == "darwin":
        machine = {"aarch64": "arm64"}.get(machine, machine)
        return parts[1].startswith("macosx") and parts[1].endswith(machine)
    return parts[1].startswith("manylinux") and parts[1].endswith(machine)


def _version(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split("-")[1].split("."))


def _from_json(text: str) -> dict[str, tuple[str, str]]:
    return {
        each["filename"]: (each["url"], each.get("hashes", {}).get("sha256", ""))
        for each in json.loads(text)["files"]
        if not each.get("yanked")
    }


def _from_html(text: str) -> dict[str, tuple[str, str]]:
    found = {}
    for link, name in LINK.findall(text):
        url, _, digest = html.unescape(link).partition("#sha256=")
        found[name.strip()] = (url, digest.partition("&")[0])
    return found


def _fetch(url: str, headers: dict[str, str], on_bytes: Callable[[int, int], None]) -> bytes:
    request = urllib.request.Request(url, headers={"User-Agent": "scumble", **headers})
    with urllib.request.urlopen(request, timeout=PATIENCE, context=_trust()) as answer:
        size, data = int(answer.headers.get("Content-Length") or 0), io.BytesIO()
        while block := answer.read(BLOCK):
            data.write(block)
            on_bytes(data.tell(), size)
    return data.getvalue()


def _trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:
        for path in filter(os.path.exists, CERTIFICATES):
            context.load_verify_locations(path)
            break
    return context


def _program(wheel: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        for name in archive.namelist():
            if re.search(r"\.data/scripts/uv(\.exe)?$", name):
                return archive.read(name)
    raise LookupError("the wheel holds no uv")


def _put(data: bytes, program: Path) -> None:
    program.parent.mkdir(parents=True, exist_ok=True)
    new = program.with_name(program.name + ".new")
    new.write_bytes(data)
    new.chmod(0o755)
    os.replace(new, program)
