"""The zip of an OpenRaster document: parts read within limits, the rest copied byte for byte."""

import contextlib
import copy
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from scumble.errors import PictureError
from scumble.hosts import files

MIMETYPE = "mimetype"
OPENRASTER = b"image/openraster"
MAX_PARTS = 10_000
LOCAL_HEADER = 30  # bytes before the name; APPNOTE.TXT 4.3.7
CHUNK = 1 << 20
PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # others unpack without bounds

# What zipfile raises for what is no zip.
BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError, KeyError,
    OverflowError, RuntimeError,
)  # fmt: skip


class Archive:
    """An OpenRaster document's zip, open for reading until `with` ends.

    names: of its parts. Every call raises PictureError for a damaged or foreign file.
    """

    def __init__(self, path: Path):
        self._path = path
        with self._border():
            files.check_file(path)
            self._file = open(path, "rb")  # noqa: SIM115  closed by __exit__
        try:
            with self._border():
                self._zip = zipfile.ZipFile(self._file)
                self._check()
        except BaseException:
            self._file.close()
            raise
        self.names = frozenset(self._zip.NameToInfo)

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_) -> None:
        self._zip.close()
        self._file.close()

    def read(self, name: str, limit: int) -> bytes:
        """A part, unpacked. limit: bytes it may hold, so that no part unpacks without end."""
        with self._border():
            size = self._info(name).file_size
            if size > limit:
                raise PictureError(
                    f"{name!r} in {self._path} unpacks to far more than a picture of its size "
                    "needs: it is damaged, or made to fill memory."
                )
            with self._zip.open(self._info(name)) as part:
                return part.read(size + 1)  # never more than it declares; then zipfile complains

    def size(self, name: str) -> int:
        """Bytes of a part once it is unpacked."""
        return self._info(name).file_size

    def head(self, name: str, length: int) -> bytes:
        """The first bytes of a part."""
        with self._border(), self._zip.open(self._info(name)) as part:
            return part.read(length)

    def copy(self, target: zipfile.ZipFile, leave_out: frozenset[str]) -> None:
        """Every other part into another zip as it is packed here: nothing is unpacked."""
        for info in self._zip.infolist():
            if info.filename not in leave_out:
                self._copy_part(target, info)

    def _copy_part(self, target: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        """zipfile cannot copy packed bytes, so header and directory are kept in step here."""
        copied = copy.copy(info)
        copied.flag_bits &= ~0x08  # sizes go before the bytes, not after
        copied.header_offset = target.start_dir
        file = target.fp
        assert file is not None
        file.seek(target.start_dir)
        file.write(copied.FileHeader())
        for chunk in self._packed(info):
            file.write(chunk)
        target.filelist.append(copied)
        target.NameToInfo[copied.filename] = copied
        target.start_dir = file.tell()

    def _packed(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        with self._border():
            self._file.seek(info.header_offset)
            header = self._file.read(LOCAL_HEADER)
            name, extra = struct.unpack("<4x22x2H", header)
            self._file.seek(name + extra, 1)
        left = info.compress_size
        while left:
            with self._border():
                chunk = self._file.read(min(left, CHUNK))
                if not chunk:
                    raise EOFError("it ends too early")
            left -= len(chunk)
            yield chunk

    def _info(self, name: str) -> zipfile.ZipInfo:
        if name not in self._zip.NameToInfo:
            raise PictureError(f"{self._path} lacks {name!r}: use another copy of the document.")
        info = self._zip.getinfo(name)
        if info.compress_type not in PACKINGS:
            raise PictureError(
                f"{name!r} in {self._path} is packed in a way that OpenRaster does not know: save "
                "the document again from your editor."
            )
        return info

    def _check(self) -> None:
        parts = self._zip.infolist()
        packed = sum(info.compress_size for info in parts)
        if len(parts) > MAX_PARTS or packed > self._path.stat().st_size:
            raise zipfile.BadZipFile("its list of parts cannot be true")
        kind = OPENRASTER
        if MIMETYPE in self._zip.NameToInfo:
            kind = self.head(MIMETYPE, 100).strip()
        if kind != OPENRASTER:
            raise PictureError(
                f"{self._path} is no OpenRaster document but {kind.decode('ascii', 'replace')!r}: "
                "save it as .ora from your editor."
            )

    @contextlib.contextmanager
    def _border(self) -> Iterator[None]:
        """Foreign errors become ours here."""
        try:
            yield
        except BROKEN as error:
            raise PictureError(
                f"{self._path} is damaged or no OpenRaster document ({error}): save it as .ora "
                "from your editor, or use another copy."
            ) from error
        except OSError as error:
            raise files.unreadable(self._path, error) from error
