// The day's list: one key for each action of the chosen row, and a list that keeps itself up to date.

import { watch } from "./offline/watch.js";

const REFRESH = 10_000; // ms
const SWITCHED_OFF = "arrivals-keys-off";
const LAST_ROW = "arrivals-last-row";
const list = document.querySelector("[data-list]");
const search = document.querySelector("#search");
const keys = document.querySelector("[data-keys]");
let etag = `"${list.dataset.etag}"`;
let leaving = false;
let typedAt = -REFRESH;

const rows = () => [...list.querySelectorAll("tbody > tr")];
const isTyping = (element) => element?.matches("input, select, textarea");

function choose(row, { focus = true } = {}) {
  if (!row) return;
  for (const other of list.querySelectorAll("tr[tabindex='0']")) other.tabIndex = -1;
  row.tabIndex = 0; // Tab leads to the chosen row, the arrows to the others
  if (focus) row.focus();
}

function move(by) {
  const all = rows();
  const here = all.indexOf(document.activeElement.closest("tr"));
  const start = here < 0 ? all.findIndex((row) => row.tabIndex === 0) - by : here;
  choose(all[Math.min(Math.max(start + by, 0), all.length - 1)]);
}

function press(key) {
  const row = document.activeElement.closest("[data-list] tbody > tr");
  const target = row?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target || leaving) return false;
  target.click();
  return true;
}

const switchedOff = () => localStorage.getItem(SWITCHED_OFF) === "1";

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const below = event.target === search && event.key === "ArrowDown";
  if (isTyping(event.target) && !below) return;
  if (below) choose(rows()[0]);
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
  else if (switchedOff() || event.repeat) return;
  else if (event.key === "/") search.select();
  else if (!/^[a-z]$/i.test(event.key) || !press(event.key.toLowerCase())) return;
  event.preventDefault();
});

addEventListener("input", () => {
  typedAt = performance.now();
});

// After an action the page comes back at the same row; where that has left the list, at the one that took its place.
addEventListener("submit", (event) => {
  leaving = true;
  const row = event.submitter?.closest("tr");
  if (row) sessionStorage.setItem(LAST_ROW, rows().indexOf(row));
});
addEventListener("pageshow", () => {
  leaving = false;
});

function start() {
  const last = sessionStorage.getItem(LAST_ROW);
  sessionStorage.removeItem(LAST_ROW);
  const asked = location.hash.startsWith("#baris-") && document.getElementById(location.hash.slice(1));
  const all = rows();
  if (asked) choose(asked);
  else if (last !== null && all.length) choose(all[Math.min(Number(last), all.length - 1)]);
  else choose(all[0], { focus: false });
}

const isBusy = () => leaving || performance.now() - typedAt < REFRESH;

async function refresh() {
  if (document.hidden || isBusy()) return;
  const headers = { "If-None-Match": etag };
  const response = await fetch(list.dataset.list, { headers, cache: "no-store", redirect: "manual" });
  if (response.type === "opaqueredirect") return location.reload(); // logged out: the names must not stay on the screen
  if (!response.ok) return; // 304: nothing new
  const fresh = await response.text();
  if (isBusy()) return;
  etag = response.headers.get("ETag");
  replace(fresh);
}

function replace(fresh) {
  const chosen = list.querySelector("tr[tabindex='0']");
  const held = document.activeElement.closest("[data-list] tr");
  const key = document.activeElement.dataset.key;
  const before = held?.getBoundingClientRect().top;
  list.innerHTML = fresh;
  const row = document.getElementById((held ?? chosen)?.id) ?? rows()[0];
  choose(row, { focus: false });
  if (!held || !row) return;
  (row.querySelector(`[data-key="${key}"]`) ?? row).focus({ preventScroll: true });
  scrollBy(0, row.getBoundingClientRect().top - before); // what came in above must not push the row away
}

if (keys) {
  const button = keys.querySelector("[data-keys-switch]");
  const show = () => {
    button.textContent = switchedOff() ? button.dataset.off : button.dataset.on;
    keys.querySelector("[data-keys-list]").hidden = switchedOff();
  };
  button.addEventListener("click", () => {
    localStorage.setItem(SWITCHED_OFF, switchedOff() ? "0" : "1");
    show();
  });
  keys.hidden = false;
  show();
}
start();
setInterval(() => refresh().catch(() => {}), REFRESH); // without a network the list stays as it is
if ("today" in list.dataset) {
  watch({
    name: "desk",
    url: "/meja/hari-ini.json",
    page: "/meja/kedatangan",
    pages: { "/meja/kedatangan": "/meja/kerangka/kedatangan", "/meja/kerangka/lain": "/meja/kerangka/lain" },
    scope: "/meja/",
    kind: "scan",
    every: 30_000,
  });
}
