// The page of a counter: a key for each button, and every three seconds a look at what has changed.

import { watch } from "./offline/watch.js";

const EVERY = 3_000; // ms
const DIGITS = 700; // ms within which two digits are one number
const SWITCHED_OFF = "counter-keys-off";
const page = document.querySelector("[data-counter-page]");
const keys = document.querySelector("[data-keys]");
let etag = `"${page.dataset.etag}"`;
let busy = false;
let digits = "";
let later = 0;

const isTyping = (element) => element?.matches("select, textarea, input:not([type=radio])");
const switchedOff = () => localStorage.getItem(SWITCHED_OFF) === "1";
const button = (key) => page.querySelector(`[data-key="${CSS.escape(key)}"]:not(:disabled)`);

function press(key) {
  const field = page.querySelector(`[data-focus-key="${CSS.escape(key)}"]`);
  const target = field ?? button(key);
  if (field) field.focus();
  else target?.click();
  return Boolean(target);
}

// Of counter 12 the first digit may be that of counter 1: wait for the second one only then.
function pressDigit(digit) {
  digits += digit;
  clearTimeout(later);
  const all = [...page.querySelectorAll("[data-key]")].filter((one) => one.dataset.key.startsWith(digits));
  const go = () => {
    press(digits);
    digits = "";
  };
  if (all.length > 1) later = setTimeout(go, DIGITS);
  else go();
}

function chooseOutcome(digit) {
  const outcome = page.querySelector("#outcome");
  if (!outcome?.options[digit - 1]) return false;
  outcome.selectedIndex = digit - 1;
  return true;
}

// Enter in a list sends nothing in Chromium (since 153 it opens the list instead): "A, choose, Enter" is ours to keep.
page.addEventListener("keydown", (event) => {
  const list = event.target;
  if (event.key !== "Enter" || event.repeat || !list.matches("select") || isOpen(list)) return;
  event.preventDefault();
  list.form.requestSubmit();
});

// While its choices hang below it, Enter takes one of them.
function isOpen(list) {
  try {
    return list.matches(":open");
  } catch {
    return false; // a browser that does not know the word keeps the key to itself then
  }
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || switchedOff()) return;
  const isOutcome = event.target.id === "outcome"; // its digits and S mean there what they mean on the page
  if (isTyping(event.target) && !isOutcome) return;
  const key = event.key.toLowerCase();
  if (/^[0-9]$/.test(key)) {
    if (!chooseOutcome(Number(key))) pressDigit(key);
  } else if (!/^[a-z]$/.test(key) || !press(key)) return;
  event.preventDefault();
});

// A press is sent once; its nonce makes even a second one harmless.
addEventListener("submit", (event) => {
  if (busy) event.preventDefault();
  busy = true;
  setTimeout(() => (busy = false), 5_000);
});
addEventListener("pageshow", () => (busy = false));

async function refresh() {
  if (document.hidden || busy) return;
  const headers = { "If-None-Match": etag };
  const answer = await fetch(page.dataset.now, { headers, cache: "no-store", redirect: "manual" });
  // Logged out: no name stays on the screen.
  if (answer.type === "opaqueredirect") return location.assign(page.dataset.home);
  if (!answer.ok) return; // 304: nothing new
  const text = await answer.text();
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-counter-page]");
  if (!fresh || busy) return;
  if (fresh.dataset.counterPage !== page.dataset.counterPage) return location.assign(page.dataset.home);
  let whole = true;
  for (const part of page.querySelectorAll("[data-part]")) {
    whole = renew(part, fresh.querySelector(`[data-part="${part.dataset.part}"]`)) && whole;
  }
  if (whole) etag = answer.headers.get("ETag");
}

// Replaces a part that has changed, unless somebody is about to type or choose in it; then it is tried again.
function renew(part, fresh) {
  if (looks(part) === looks(fresh)) {
    const token = fresh.querySelector("[name=csrf_token]")?.value; // it grows old, and nothing else would renew it
    for (const field of part.querySelectorAll("[name=csrf_token]")) field.value = token;
    return true;
  }
  const held = part.contains(document.activeElement) ? document.activeElement : null;
  if (isTyping(held) || [...part.querySelectorAll("input, select")].some(isChanged)) return false;
  const byId = held?.id && `#${CSS.escape(held.id)}`;
  const selector = held?.dataset.key ? `[data-key="${held.dataset.key}"]` : byId;
  part.replaceChildren(...fresh.childNodes);
  // Who had a key under the finger keeps it; where it is gone, the first one that can be pressed takes its place.
  if (held) (part.querySelector(selector || "button") ?? part.querySelector("button:not(:disabled)"))?.focus();
  return true;
}

function isChanged(field) {
  if (field.type === "hidden") return false;
  if (field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.matches("select")) return field.selectedIndex > 0;
  return field.value !== field.defaultValue;
}

// Without what is new in every answer.
function looks(part) {
  const copy = part.cloneNode(true);
  for (const field of copy.querySelectorAll("input[type=hidden]")) field.remove();
  return copy.innerHTML.replace(/\s+/g, " ");
}

function showKeys() {
  const toggle = keys.querySelector("[data-keys-switch]");
  toggle.textContent = switchedOff() ? toggle.dataset.off : toggle.dataset.on;
  document.body.classList.toggle("keys-off", switchedOff());
}
keys.querySelector("[data-keys-switch]").addEventListener("click", () => {
  localStorage.setItem(SWITCHED_OFF, switchedOff() ? "0" : "1");
  showKeys();
});
keys.hidden = false;
showKeys();
setInterval(() => refresh().catch(() => {}), EVERY); // without a network what is shown stays
watch({
  name: "counter",
  url: "/loket/hari-ini.json",
  page: "/loket/",
  pages: { "/loket/": "/loket/kerangka", "/meja/kerangka/lain": "/meja/kerangka/lain" },
  scope: "/loket/",
  kind: "press",
  every: 10_000,
});
