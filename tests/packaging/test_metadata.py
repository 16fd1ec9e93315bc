"""setup.cfg and requirements.lock say what the code really consists of and needs."""

import configparser
import re
import sys
from importlib.metadata import packages_distributions

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.harness.source import NOT_OURS, PACKAGE, ROOT, imported, modules, name

SETUP = configparser.ConfigParser()
SETUP.read(ROOT / "setup.cfg", encoding="utf-8")
# Without a next major version to stop before: the year is the version.
NAMED_AFTER_YEARS = {"tzdata"}
# Needed without being imported: zones for systems that have none, WTForms' e-mail check, templates loaded by name.
NOT_IMPORTED = {"tzdata", "email-validator", "govuk-frontend-jinja"}


def test_every_package_goes_into_the_wheel() -> None:
    listed = set(SETUP["options"]["packages"].split())
    found = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in PACKAGE.rglob("__init__.py")
        if not name(path).startswith((*NOT_OURS, "queue_app/migrations/"))
    }
    assert listed == found | {"queue_app.static", "queue_app.templates"}


def test_every_folder_with_code_is_a_package() -> None:
    folders = {path.parent for path in modules() if not name(path).startswith("queue_app/migrations/")}
    assert not [name(folder) for folder in folders if not (folder / "__init__.py").exists()]


def test_every_import_is_a_declared_dependency() -> None:
    declared = {canonicalize_name(requirement.name) for requirement in _requirements("postgres")}
    # Parts of declared packages that are meant to be imported under a name of their own.
    declared |= {"alembic", "jinja2", "markupsafe", "werkzeug", "wtforms", "itsdangerous"}
    owners = packages_distributions()
    undeclared = {
        f"{name(path)} imports {module}"
        for path in modules()
        for module in {found.split(".")[0] for found in imported(path)} - sys.stdlib_module_names
        if module not in {"queue_app", "__future__", ""}
        and not {canonicalize_name(owner) for owner in owners.get(module, [])} & declared
    }
    assert not undeclared


def test_no_dependency_is_declared_in_vain() -> None:
    owners = packages_distributions()
    used = {
        canonicalize_name(owner)
        for path in modules()
        for module in imported(path)
        for owner in owners.get(module.split(".")[0], [])
    }
    assert not {canonicalize_name(requirement.name) for requirement in _requirements()} - used - NOT_IMPORTED


def test_every_dependency_has_a_floor_and_a_ceiling() -> None:
    for requirement in _requirements("postgres"):
        operators = {part.operator for part in requirement.specifier}
        assert operators == ({">="} if requirement.name in NAMED_AFTER_YEARS else {">=", "<"}), requirement


def test_the_lock_pins_every_dependency_within_its_bounds_and_with_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    # A name may be there twice, for different Pythons; the backslash leads to its hashes.
    pins = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+).*\\$", lock, re.MULTILINE)
    pinned = {canonicalize_name(package): Version(version) for package, version in pins}
    for requirement in _requirements("postgres"):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not locked"
        assert version in requirement.specifier, f"{requirement} is locked at {version}"
    assert len(pins) == len(re.findall(r"^\S+==", lock, re.MULTILINE)), "a pin without hashes"
    assert "://" not in lock, "where to fetch from is the operator's choice"


def _requirements(*extras: str) -> list[Requirement]:
    lines = SETUP["options"]["install_requires"].split("\n")
    for extra in extras:
        lines += SETUP["options.extras_require"][extra].split("\n")
    return [Requirement(line) for line in lines if line.strip()]
