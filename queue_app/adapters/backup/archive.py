"""The file of a backup: written, opened, and the dump taken out of it with its hash compared."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path

from .manifest import SQLITE, BackupFailed, Manifest

MANIFEST, DUMP = "manifest.json", "database"
CHUNK = 1024**2  # bytes


@dataclass(frozen=True)
class Archive:
    """A backup whose manifest has been read; the dump is looked at when it is taken out."""

    file: Path
    manifest: Manifest

    def take_out(self, target: Path) -> None:
        """Write the dump there. Raises BackupFailed when it is not what the manifest says."""
        digest, size = hashlib.sha256(), 0
        target.touch(mode=0o600)
        try:
            with zipfile.ZipFile(self.file) as archive, archive.open(DUMP) as dump, target.open("wb") as file:
                while part := dump.read(CHUNK):
                    digest.update(part)
                    size += len(part)
                    file.write(part)
        except (zipfile.BadZipFile, KeyError, EOFError, ValueError, NotImplementedError) as problem:
            raise BackupFailed(f"{self.file} is damaged: {problem}") from None
        except OSError as problem:
            raise BackupFailed(f"{self.file} cannot be taken out to {target.parent}: {problem.strerror}") from None
        if (digest.hexdigest(), size) != (self.manifest.sha256, self.manifest.size):
            raise BackupFailed(f"{self.file} is damaged: its content is not what the manifest says.")


def open_archive(file: Path) -> Archive:
    """Raises BackupFailed for what is no backup."""
    try:
        with zipfile.ZipFile(file) as archive:
            return Archive(file, Manifest.from_json(archive.read(MANIFEST)))
    except FileNotFoundError:
        raise BackupFailed(f"There is no file {file}.") from None
    except OSError as problem:
        raise BackupFailed(f"{file} cannot be read: {problem.strerror}") from None
    except (zipfile.BadZipFile, KeyError, EOFError, ValueError, NotImplementedError):
        raise BackupFailed(f"{file} is not a backup of this program, or only a part of one.") from None


def write_archive(dump: Path, manifest: Manifest, target: Path) -> None:
    """What pg_dump wrote is compressed already."""
    how = zipfile.ZIP_DEFLATED if manifest.kind == SQLITE else zipfile.ZIP_STORED
    target.touch(mode=0o600)
    with zipfile.ZipFile(target, "w", compression=how, compresslevel=1) as archive:
        archive.writestr(MANIFEST, manifest.to_json())
        archive.write(dump, DUMP)


def fingerprint(file: Path) -> tuple[str, int]:
    """SHA-256 in hexadecimal, and the number of bytes."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest(), file.stat().st_size
