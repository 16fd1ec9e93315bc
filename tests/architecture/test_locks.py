"""A row is locked against changes, never against rows that name it (docs/claiming.md, "Locks")."""

import ast
from collections.abc import Iterator

import pytest

from tests.harness.source import modules, name, tree


def test_every_lock_lets_rows_be_named() -> None:
    found = {f"{name(path)}:{lock.lineno}": lock for path in modules() for lock in locks(tree(path))}
    assert len(found) > 20, "the locks are not found"
    assert not [where for where, lock in found.items() if not lets_be_named(lock)]


@pytest.mark.parametrize(
    "source",
    [
        "select(Slot).with_for_update()",
        "select(Slot).with_for_update(of=Slot)",
        "session.get(Slot, 1, with_for_update=True)",
        "session.get(Slot, 1, with_for_update={'of': Slot})",
        "session.get(Slot, 1, with_for_update={'key_share': False})",
        "session.refresh(slot, with_for_update=True)",
    ],
)
def test_the_rule_sees_a_lock_too_many(source: str) -> None:
    (lock,) = locks(ast.parse(source))
    assert not lets_be_named(lock)


def locks(module: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and (_is_method(node) or _option(node, "with_for_update") is not None):
            yield node


def lets_be_named(lock: ast.Call) -> bool:
    if _is_method(lock):
        return _is_true(_option(lock, "key_share"))
    options = _option(lock, "with_for_update")
    pairs = zip(options.keys, options.values, strict=True) if isinstance(options, ast.Dict) else ()
    return any(isinstance(key, ast.Constant) and key.value == "key_share" and _is_true(value) for key, value in pairs)


def _is_method(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "with_for_update"


def _option(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _is_true(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is True
