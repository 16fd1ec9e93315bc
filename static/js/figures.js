// The figures of today keep themselves up to date; without scripts a link counts them again.

const REFRESH = 15_000; // ms
const box = document.querySelector("[data-figures]");
let etag = `"${box.dataset.etag}"`;

async function refresh() {
  if (document.hidden || box.querySelector("details[open]")) return; // somebody is reading
  const headers = { "If-None-Match": etag };
  const response = await fetch(box.dataset.figures, { headers, cache: "no-store", redirect: "manual" });
  if (response.type === "opaqueredirect") return location.reload(); // logged out
  if (!response.ok) return; // 304: nothing new
  etag = response.headers.get("ETag");
  const focused = document.activeElement?.closest("[data-figures] a");
  box.innerHTML = await response.text();
  if (focused) box.querySelector("a").focus({ preventScroll: true });
}

setInterval(() => refresh().catch(() => {}), REFRESH); // without a network the figures stay as they are
