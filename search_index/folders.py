"""The index on disk.

    <path>/current            names the folder in use; replaced whole when a rebuilt index takes over
    <path>/tick               changes with every commit; what readers look at before each search
    <path>/write.lock         held by the one process that writes
    <path>/rebuild.lock       held by the one process that rebuilds
    <path>/building-<random>/ an index that a rebuild is making
    <path>/<format>-<base>/   a Whoosh index; the generation is `base` plus Whoosh's own count of commits

Files are on disk before the table of contents that names them, and that before anything that names it:
a crash at any moment leaves a whole index, the old or the new.
"""

import os
import re
import shutil
import uuid
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Any

from search_index.records import FORMAT_VERSION
from search_index.whoosh_parts import FileStorage

_FOLDER = re.compile(r"(\d+)-(\d+)")
_CONTENTS = re.compile(r"_MAIN_(\d+)\.toc")
_BUILDING = "building-"


class DurableStorage(FileStorage):
    """Whoosh's files in a folder; what was written is on disk before a file takes its final name.

    Whoosh gives a final name to one file only, the table of contents, as the last step of a commit.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._written: set[str] = set()
        self._opened: weakref.WeakSet[Any] = weakref.WeakSet()

    def open_file(self, name: str, **options: Any) -> Any:
        """Open a file and remember it."""
        opened = super().open_file(name, **options)
        self._opened.add(opened)
        return opened

    def abandon(self) -> None:
        """Close the files that are still open: Whoosh leaves them so when it cannot read one."""
        for opened in list(self._opened):
            with suppress(ValueError):
                opened.close()

    def create_file(self, name: str, **options: Any) -> Any:
        """Make a file and remember it."""
        self._written.add(name)
        return super().create_file(name, **options)

    def rename_file(self, oldname: str, newname: str, **options: Any) -> None:
        """Bring everything written so far to disk, then rename."""
        for name in self._written:
            _sync(Path(self.folder, name))
        self._written.clear()
        super().rename_file(oldname, newname, **options)
        _sync(Path(self.folder))


def _sync(path: Path) -> None:
    """Wait until a file or folder is on disk; one that is gone again needs no waiting."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def prepare(path: Path) -> None:
    """Make the index's own folder, for its owner only: its files are read by pickle."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def read_tick(path: Path) -> bytes:
    """The mark of the latest commit: equal marks mean that nothing was committed between."""
    try:
        handle = os.open(path / "tick", os.O_RDONLY)
    except FileNotFoundError:
        return b""
    try:
        return os.read(handle, 64)
    finally:
        os.close(handle)


def write_tick(path: Path) -> None:
    """Tell all readers that something was committed. It says nothing after a crash, so it is not synced."""
    _replace(path / "tick", uuid.uuid4().bytes)


def current_folder(path: Path) -> Path | None:
    """The folder in use; None when there is no index yet or it was made in another format."""
    try:
        name = (path / "current").read_text()
    except FileNotFoundError:
        return None
    match = _FOLDER.fullmatch(name)
    return path / name if match and int(match[1]) == FORMAT_VERSION and (path / name).is_dir() else None


def base_of(folder: Path) -> int:
    """The generation that a folder began at."""
    match = _FOLDER.fullmatch(folder.name)
    return int(match[2]) if match else 0


def new_folder(path: Path) -> Path:
    """An empty folder for an index whose generations come after all earlier ones."""
    folder = path / f"{FORMAT_VERSION}-{highest_generation(path)}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def building_folder(path: Path) -> Path:
    """An empty folder for an index that is not in use yet."""
    folder = path / f"{_BUILDING}{uuid.uuid4().hex}"
    folder.mkdir(mode=0o700)
    return folder


def highest_generation(path: Path) -> int:
    """The highest generation that any index here reached, whatever its format."""
    folders = [folder for folder in path.iterdir() if _FOLDER.fullmatch(folder.name)]
    return max((base_of(folder) + _commits(folder) for folder in folders), default=0)


def _commits(folder: Path) -> int:
    found = [_CONTENTS.fullmatch(file.name) for file in folder.iterdir()]
    return max((int(match[1]) for match in found if match), default=0)


def take_over(path: Path, built: Path, base: int) -> None:
    """Put a finished index in the place of the one in use."""
    folder = path / f"{FORMAT_VERSION}-{base}"
    shutil.rmtree(folder, ignore_errors=True)
    built.rename(folder)
    use_folder(path, folder)


def use_folder(path: Path, folder: Path) -> None:
    """Make `folder` the one in use, durably, and tell all readers."""
    _replace(path / "current", folder.name.encode(), sync=True)
    _sync(path)
    write_tick(path)


def remove_unused(path: Path) -> None:
    """Remove indexes that are no longer in use. Readers that still have their files open keep them."""
    used = current_folder(path)
    for folder in path.iterdir():
        if _FOLDER.fullmatch(folder.name) and folder != used:
            shutil.rmtree(folder, ignore_errors=True)


def remove_unfinished(path: Path) -> None:
    """Remove what rebuilds that were cut short left behind. The caller holds the rebuild lock."""
    for folder in path.glob(f"{_BUILDING}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _replace(path: Path, content: bytes, *, sync: bool = False) -> None:
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    beside.write_bytes(content)
    if sync:
        _sync(beside)
    beside.replace(path)
