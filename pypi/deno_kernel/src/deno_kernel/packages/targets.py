"""Installs into a directory of the user, as `pip install --target` does."""

from __future__ import annotations

import os
from collections.abc import Sequence

from .archives import Archive, PackageError, assert_room, canonical
from .installed import forget_directories, metadata_directories, remove
from .plans import Installation, PackageFile
from .removal import Removals


def unpack_into(directory: str, files: Sequence[PackageFile], replaces: bool) -> Installation:
    """Unpacks wheels into a directory, all of them or none; what is there stays, unless it is replaced.

    Raises PackageError.
    """
    there = {canonical(it.name): it for it in reversed(list(metadata_directories([directory])))}
    wanted = [it for it in files if replaces or canonical(it.name) not in there]
    for file in wanted:
        if not file.file_name.endswith(".whl"):
            raise PackageError(f"Cannot install {file.file_name} into {directory}: it is no wheel; leave out --target")
    archives = [Archive(it.content, it.file_name) for it in wanted]
    fresh: list[str] = []
    try:
        with Removals() as removals:
            try:
                os.makedirs(directory, exist_ok=True)
                assert_room(archives, directory)
                for file, archive in zip(wanted, archives):
                    if canonical(file.name) in there:
                        removals.add(file.name, [directory])
                    fresh += archive.new_paths(directory, directory)
                    archive.unpack(directory, directory)
                    archive.note(directory, {"INSTALLER": "deno_kernel"})
            except BaseException:
                remove(fresh)
                raise
    except OSError as error:
        raise PackageError(f"Cannot install into {directory}: {error.strerror}") from None
    finally:
        forget_directories()
    stayed = [there[name] for file in files if (name := canonical(file.name)) in there and file not in wanted]
    notes = [f"{directory} has {it.name} {it.version} already: --upgrade replaces it" for it in stayed]
    return Installation(tuple(map(str, wanted)), tuple(map(str, removals)), (), tuple(notes))
