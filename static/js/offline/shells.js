// Keeps the pages that go on without a connection, as the server makes them for that purpose, with all they need.

import { possible } from "./store.js";

const STORE = "hall-1"; // as in static/hall-sw.js
const PARTS = "link[rel=stylesheet], link[rel=modulepreload], link[rel=icon], script[src]";

// `pages`: by the address that people open, the one of its shell; `lazy`: addresses of what its scripts load by
// themselves. Resolves when everything is kept.
export async function keepShells(pages, scope, lazy = []) {
  if (!possible) return;
  await navigator.serviceWorker.register("/hall-sw.js", { scope });
  const store = await caches.open(STORE);
  const parts = new Set(lazy);
  const answers = new Map();
  for (const [address, shell] of Object.entries(pages)) {
    const answer = await fetch(shell, { cache: "no-store", redirect: "manual" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
    for (const part of page.querySelectorAll(PARTS)) {
      parts.add(new URL(part.getAttribute("href") ?? part.getAttribute("src"), location).href);
    }
    answers.set(address, answer);
  }
  // The pages last: one that is kept has everything it needs.
  await Promise.all(Array.from(parts, async (part) => (await store.match(part)) ?? store.add(part)));
  for (const [address, answer] of answers) await store.put(address, answer);
  await tidy(store, parts);
}

export async function isKept(address) {
  return possible && Boolean(await caches.match(address));
}

// Of the links of a shell those stay that lead to pages which are kept as well.
export async function pruneLinks() {
  for (const link of document.querySelectorAll(".staff-nav__link")) {
    if (!(await isKept(new URL(link.href).pathname))) link.parentElement.remove();
  }
}

export async function dropShells() {
  if (possible) await caches.delete(STORE);
}

// Parts of earlier versions: their addresses differ in the folder, and nothing asks for them any more.
async function tidy(store, parts) {
  const version = (address) => /\/static\/([^/]+)\//.exec(address)?.[1];
  const current = new Set(Array.from(parts, version));
  for (const request of await store.keys()) {
    if (version(request.url) && !current.has(version(request.url))) await store.delete(request);
  }
}
