// The figures of today keep themselves up to date; without scripts a link counts them again.

const REFRESH = 15_000; // ms
const box = document.querySelector("[data-figures]");
let etag = `"${box.dataset.etag}"`;

const all = (what) => [...box.querySelectorAll(what)];
const FOCUSABLE = "a, summary, [tabindex]";

async function refresh() {
  if (document.hidden) return;
  const headers = { "If-None-Match": etag };
  const response = await fetch(box.dataset.figures, { headers, cache: "no-store", redirect: "manual" });
  if (response.type === "opaqueredirect") return location.reload(); // logged out
  if (!response.ok) return; // 304: nothing new
  const fresh = await response.text();
  etag = response.headers.get("ETag");
  replace(fresh);
}

// What is open, pushed aside or focused stays so.
function replace(fresh) {
  const open = all("details").map((one) => one.open);
  const aside = all(".table-scroll").map((one) => one.scrollLeft);
  const focused = all(FOCUSABLE).indexOf(document.activeElement);
  box.innerHTML = fresh;
  all("details").forEach((one, place) => (one.open = open[place] ?? false));
  all(".table-scroll").forEach((one, place) => (one.scrollLeft = aside[place] ?? 0));
  if (focused >= 0) all(FOCUSABLE)[focused]?.focus({ preventScroll: true });
}

setInterval(() => refresh().catch(() => {}), REFRESH); // without a network the figures stay as they are
