"""Make a backup beside its name, give it the name when it is whole, and look at one that was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from queue_app.adapters.drafts import draft_folder, publish, room_on
from queue_app.adapters.program import program_version
from queue_app.domain.clock import Clock

from .archive import fingerprint, open_archive, write_archive
from .manifest import POSTGRESQL, SQLITE, BackupFailed, Facts, Manifest, facts_of
from .postgresql import Programs
from .sqlite import copy_database, examine_database


def make_backup(
    url: str,
    target: Path,
    *,
    clock: Clock,
    programs: Programs,
    replace: bool = False,
    stop: Callable[[], bool] = lambda: False,
) -> Manifest:
    """Copy the database at ``url`` into ``target`` while it is used; ``stop`` is asked in between.

    The draft lies beside it, so that the name appears with the whole file or not at all, even if this is killed.
    Raises BackupFailed.
    """
    if not target.parent.is_dir():
        raise BackupFailed(f"There is no folder {target.parent}.")
    if target.exists() and not replace:
        raise BackupFailed(f"{target} is there already: choose another name.")
    try:
        with draft_folder(target.parent) as draft:
            dump = draft / "dump"
            began = clock.now()  # before the snapshot: whatever was confirmed by then is in it
            facts = (_copy if is_sqlite(url) else _dump)(url, dump, programs, stop)
            sha256, size = fingerprint(dump)
            kind = SQLITE if is_sqlite(url) else POSTGRESQL
            manifest = Manifest(kind, program_version(), began, facts, sha256, size)
            write_archive(dump, manifest, draft / "archive")
            publish(draft / "archive", target, replace=replace)
    except FileExistsError:
        raise BackupFailed(f"{target} is there already: choose another name.") from None
    except SQLAlchemyError as problem:
        raise BackupFailed(f"The database cannot be read: {_first_line(problem)}") from None
    except OSError as problem:
        raise BackupFailed(f"The backup cannot be written to {target.parent}: {problem.strerror}.") from None
    return manifest


def examine(file: Path, *, scratch: Path, programs: Programs) -> Manifest:
    """Whether it can be relied upon: hashes, the dump itself, and the rows. ``scratch``: a folder that has room for
    the dump. Raises BackupFailed.
    """
    archive = open_archive(file)
    require_room(scratch, archive.manifest.size)
    with draft_folder(scratch) as draft:
        archive.take_out(draft / "dump")
        if archive.manifest.kind == POSTGRESQL:
            programs.examine(draft / "dump")
        else:
            examine_database(draft / "dump")
            with connected(f"sqlite:///{draft / 'dump'}") as copy:
                compare(archive.manifest, facts_of(copy))
    return archive.manifest


def compare(manifest: Manifest, found: Facts) -> None:
    """Raises BackupFailed when a database is not what the manifest counted."""
    for name, count in manifest.facts.rows.items():
        if found.rows.get(name) != count:
            raise BackupFailed(f"The table {name} has {found.rows.get(name)} rows, and the manifest says {count}.")
    if found != manifest.facts:
        raise BackupFailed("The newest audit entry or the migration is not the one that the manifest names.")


@contextmanager
def connected(url: str, **options: object) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    try:
        with engine.connect().execution_options(**options) as connection:
            yield connection
    finally:
        engine.dispose()


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _copy(url: str, dump: Path, _programs: Programs, stop: Callable[[], bool]) -> Facts:
    database = Path(make_url(url).database or "")
    if not database.is_file():
        raise BackupFailed(f"There is no database {database}.")
    beside = [Path(f"{database}{suffix}") for suffix in ("", "-wal")]
    require_room(dump.parent, 2 * sum(path.stat().st_size for path in beside if path.exists()))
    copy_database(database, dump, stop=stop)
    with connected(f"sqlite:///{dump}") as copy:
        return facts_of(copy)


def _dump(url: str, dump: Path, programs: Programs, stop: Callable[[], bool]) -> Facts:
    with connected(url, isolation_level="REPEATABLE READ", postgresql_readonly=True) as server:
        size = server.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        require_room(dump.parent, 2 * size)
        programs.dump(server, url, dump, stop=stop)
        return facts_of(server)  # in the transaction whose snapshot was dumped


def require_room(folder: Path, wanted: int) -> None:
    if (room := room_on(folder)) < wanted:
        raise BackupFailed(
            f"{folder} has too little room for a backup: {max(room, 0) // 1024**2} MB besides the reserve, and "
            f"{wanted // 1024**2 + 1} MB are wanted."
        )


def _first_line(problem: SQLAlchemyError) -> str:
    return str(getattr(problem, "orig", None) or type(problem).__name__).strip().splitlines()[0]
