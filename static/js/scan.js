// Scanning without reloading: sends what was read, shows the answer on the whole screen, and is ready for the next one.
// A scan keeps its nonce until it was answered, so that trying again after a lost answer changes nothing.

import { cameraSwitch } from "./camera-switch.js";
import { OfflineDesk } from "./offline/desk.js";
import { newNonce } from "./offline/unsent.js";
import { signal, soundSwitch } from "./scan-signal.js";
import { onScan } from "./typed-scan.js";

const root = document.querySelector("[data-scan]");
const form = root.querySelector("[data-form]");
const field = form.elements.code;
const place = root.querySelector("[data-answer]");
const said = root.querySelector("[data-said]");
const undo = root.querySelector("[data-undo]");
const notice = root.querySelector("[data-notice]");
const TONES = ["ok", "wait", "stop", "held"];
const UNDO_FOR = 120_000; // ms; the server decides
const PATIENCE = 6_000; // ms for one answer
const PAUSES = [500, 1_000, 2_000, 4_000];
const TRIES = 3; // after so many, or after `HOPE` ms, a scan is decided without the server
const HOPE = 5_000;
const SAME = 2_000; // ms in which the same code is the same scan: a scanner was triggered twice
const SETTLED = 300; // ms: nobody has read a new answer before that, so a key was still meant for the one before
const SEEN = 1_000; // ms that anything but "present" stays at least: it must not vanish because a next scan waited

const waiting = [];
let working = false;
let sending = null;
let undoTimer;
// The scan whose answer is on the screen
let shown = Number(place.querySelector("[data-answer-body]")?.dataset.scanId ?? 0);
let latest = null;
let replacedAt = -Infinity; // when that took the place of another answer
let shownAt = -Infinity;
const offline = new OfflineDesk(root, () => !shown && !working && !field.value);

let entered = { code: "", at: -Infinity };
function enter(code) {
  const isSame = code === entered.code && performance.now() - entered.at < SAME;
  entered = { code, at: performance.now() };
  if (isSame) return;
  waiting.push({ url: form.action, values: { code, nonce: newNonce() } });
  work();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const code = field.value.trim();
  field.value = "";
  field.focus();
  if (code) enter(code);
});

// Undoing and comparing belong to the answer on the screen: they go before scans that are still to be sent, and their
// answer is not shown over that of a later scan.
function decide(url, values) {
  entered.code = ""; // what is taken back may be scanned again at once
  const next = waiting.findIndex((request) => !request.about && request !== sending);
  waiting.splice(next < 0 ? waiting.length : next, 0, { url, values, about: shown });
  field.focus();
  work();
}

undo.addEventListener("submit", (event) => {
  event.preventDefault();
  undo.hidden = true;
  if (latest?.withdraws && latest.scan_id === shown) takeBack(shown);
  else decide(undo.action, {});
});

async function takeBack(nonce) {
  entered.code = "";
  const answer = await offline.withdraw(nonce);
  if (!answer) return refuse(root.dataset.textSent, nonce);
  shown = null; // so that it counts as a new answer
  show(answer);
}

place.addEventListener("submit", (event) => {
  const compared = event.target.closest("[data-identity]");
  if (!compared) return;
  event.preventDefault();
  const values = Object.fromEntries(new FormData(compared, event.submitter));
  compared.inert = true;
  decide(compared.action, values);
});

async function work() {
  if (working) return;
  working = true;
  while (waiting.length) {
    await seen();
    const request = (sending = waiting[0]);
    if (!request.about) blank(); // the answer to the last scan must not be taken for the answer to this one
    const answer = await send(request);
    waiting.shift();
    sending = null;
    if (answer && (!request.about || request.about === shown)) show(answer);
    else if (answer && place.hidden && latest) show(latest); // it was hidden while the network was away
  }
  working = false;
}

// Waits until somebody can have seen that a ticket was not simply taken, unless what comes next is about that answer.
async function seen() {
  while (!waiting[0].about && !place.hidden && latest?.tone !== "ok" && performance.now() - shownAt < SEEN)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

async function send(request) {
  const fail = (text) => refuse(text, request.about);
  const isScan = "code" in request.values;
  const local = async () => {
    const answer = await offline.decide(request.values);
    if (answer) say("");
    return answer;
  };
  const started = performance.now();
  say(root.dataset.textQueued, 400);
  for (let attempt = 0; ; attempt += 1) {
    if (isScan && offline.lost) {
      const answer = await local();
      if (answer) return answer;
    }
    try {
      const response = await fetch(request.url, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
        body: new URLSearchParams(request.values),
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (response.ok) {
        say("");
        return await response.json();
      }
      if (response.type === "opaqueredirect" || response.status === 401) return fail(root.dataset.textEnded);
      if (response.status < 500) {
        const problem = await response.json().catch(() => ({}));
        if (problem.code === "stale_form" && attempt < 2 && (await renewForm())) continue;
        return fail(problem.title ?? root.dataset.textFailed);
      }
    } catch {
      // No network, or no answer in time: nobody knows whether it was stored, and the nonce makes asking again safe.
    }
    if (isScan && (attempt + 1 >= TRIES || performance.now() - started > HOPE) && (await offline.lose())) continue;
    colour("held");
    blank();
    say(`${root.dataset.textRetrying} (${attempt + 1})`);
    await new Promise((resolve) => setTimeout(resolve, PAUSES[Math.min(attempt, PAUSES.length - 1)]));
  }
}

// The page may have been open for longer than its form is good for.
async function renewForm() {
  const page = await fetch(location.pathname, { headers: { Accept: "text/html" }, redirect: "manual" });
  if (!page.ok) return false;
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[name=csrf_token]");
  if (!fresh) return false;
  form.elements.csrf_token.value = fresh.value;
  return true;
}

function show(answer) {
  const isNew = answer.scan_id !== shown;
  if (isNew) shownAt = performance.now();
  if (isNew && shown) replacedAt = shownAt;
  if (isNew || !document.body.classList.contains(`scanning--${answer.tone}`)) signal(answer.tone);
  shown = answer.scan_id;
  latest = answer;
  place.innerHTML = answer.html; // made by the server, which escapes what people have typed
  place.hidden = false;
  const compared = answer.persons.map((person) => person.identity);
  const words = [answer.word, answer.number || answer.count, answer.detail, answer.person, ...compared];
  said.textContent = words.filter(Boolean).map((word) => String(word).replace(/\.$/, "")).join(". ");
  colour(answer.tone);
  document.title = `${answer.sign} ${answer.word}`;
  undo.hidden = !answer.undo_url && !answer.withdraws;
  undo.action = answer.undo_url;
  clearTimeout(undoTimer);
  undoTimer = setTimeout(() => (undo.hidden = true), UNDO_FOR);
  if (isNew) scrollTo(0, 0);
  field.focus({ preventScroll: true });
}

function blank() {
  place.hidden = true;
  undo.hidden = true;
}

function colour(tone) {
  document.body.classList.remove("scanning", ...TONES.map((other) => `scanning--${other}`));
  if (tone) document.body.classList.add("scanning", `scanning--${tone}`);
}

function clear() {
  colour(null);
  shown = 0;
  entered.code = "";
  blank();
  document.title = root.dataset.textTitle;
  field.focus();
}

function refuse(text, about) {
  if (!about || about === shown) clear();
  say(text);
  signal("stop");
  return null;
}

let sayTimer;
function say(text, after = 0) {
  clearTimeout(sayTimer);
  const write = () => {
    notice.textContent = text;
    notice.hidden = !text;
  };
  if (after && text) sayTimer = setTimeout(write, after);
  else write();
}

// What the keys beside the words do. While "does not match" is open, two of them choose what then.
const KEYS = {
  F2: () => press(openChoice()?.querySelector("[value=typing_error]") ?? place.querySelector("[value=matches]")),
  F4: () => openNextChoice(),
  F8: () => press((openChoice() ?? undo).querySelector("[value=other_person], .scan-result__undo")),
  Escape: () => clear(),
};

function press(button) {
  if (button && !button.closest("[hidden]") && performance.now() - replacedAt > SETTLED) button.click();
}

function openChoice() {
  return place.querySelector("details[open]");
}

function openNextChoice() {
  const choices = [...place.querySelectorAll("details")];
  const open = choices.indexOf(openChoice());
  choices.forEach((choice, index) => (choice.open = index === open + 1));
  choices[open + 1]?.scrollIntoView({ block: "nearest" });
}

// A scanner types wherever the focus is: bring it home before the first character arrives.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (KEYS[event.key]) {
    event.preventDefault();
    return KEYS[event.key]();
  }
  const plain = event.key.length === 1 && event.key !== " ";
  if (plain && !event.target.closest("input, select, textarea")) field.focus();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("a, button, input, select, textarea, label, summary")) field.focus();
});
addEventListener("focus", () => {
  if (document.activeElement === document.body) field.focus();
});

root.querySelector("[data-close]").addEventListener("click", (event) => {
  event.preventDefault();
  clear();
});

onScan((code) => enter(code));
const focus = () => field.focus();
soundSwitch(root.querySelector("[data-sound]"), focus);
cameraSwitch(root, { found: enter, focus });
if (TONES.some((tone) => document.body.classList.contains(`scanning--${tone}`))) field.focus();
