"""Cuts the connection between a browser and the server, and looks at what the browser has kept for that time."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.harness.accessibility import is_wider_than_the_screen, violations
from tests.journeys.visitor import Visitor

# Everything that a browser has stored, as text: IndexedDB with the bytes of its values, and the kept pages.
STORED = """async () => {
  const text = [];
  const read = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });
  const show = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    ? new TextDecoder('latin1').decode(value)
    : value instanceof CryptoKey ? `key:${value.extractable}`
    : value && typeof value === 'object' ? Object.entries(value).map(([name, one]) => name + show(one)).join()
    : String(value);
  const counts = {};
  for (const { name } of await indexedDB.databases()) {
    const database = await read(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const values = await read(database.transaction(store).objectStore(store).getAll());
      counts[store] = values.length;
      text.push(...values.map(show));
    }
    database.close();
  }
  const pages = [];
  for (const name of await caches.keys()) {
    const kept = await caches.open(name);
    for (const request of await kept.keys()) {
      pages.push(new URL(request.url).pathname);
      if (!request.url.includes('/static/')) text.push(await (await kept.match(request)).text());
    }
  }
  return { text: text.join('\\n'), counts, pages };
}"""


def until(page: Page, script: str, argument: object = None) -> None:
    """Until the script comes to something true; `wait_for_function` takes the promise itself for that."""
    for _ in range(300):
        if page.evaluate(script, argument):
            return
        page.wait_for_timeout(100)
    raise AssertionError(script)


def ready(page: Page, shell: str = "/meja/kerangka/lain", *, lists: int = 1) -> None:
    """Until the list and the shells are kept and the worker rules the page."""
    until(page, "() => Boolean(navigator.serviceWorker.controller)")
    until(page, "async (shell) => Boolean(await caches.match(shell))", shell)
    if lists:
        until(page, f"async () => (await ({STORED})()).counts.lists > 0")


def cut(visitor: Visitor, is_cut: bool = True) -> None:
    visitor.page.context.set_offline(is_cut)


def look_at(visitor: Visitor, name: str) -> None:
    """axe, and a picture for those who want to see it."""
    if folder := os.environ.get("QUEUE_APP_TEST_SHOTS"):
        visitor.page.screenshot(path=str(Path(folder) / f"{name}.png"))
    # Not `judge`: the browser complains of each request that the cut has eaten.
    assert not (found := violations(visitor.page)), f"{name}: {found}"
    assert not is_wider_than_the_screen(visitor.page), name
