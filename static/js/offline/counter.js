// The page of a counter without a connection. It calls its own share of the order in the snapshot, so that two counters
// never call one number, and keeps every press until there is a connection again.

import { onScan } from "../typed-scan.js";
import { DayList } from "./day.js";
import { say } from "./notice.js";
import { pruneLinks } from "./shells.js";
import { sendUnsent } from "./sync.js";
import { entriesOf, keepEntry, newNonce } from "./unsent.js";

const PROBE = 4_000; // ms
const root = document.querySelector("[data-snapshot-queue]");
const outcome = root.querySelector("#outcome");
const snapshot = new DayList("counter", "/loket/hari-ini.json");
const doubt = new URLSearchParams(location.search).has("luring") ? [["doubt"]] : [];
const GONE = ["skip", "finish", "hold"]; // after these the counter is free
const NEXT = 8; // numbers that are shown as those to come
const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: root.dataset.zone,
});
let busy = false;

// Whom the counter has, and whom it may still call: the snapshot with everything that was pressed since.
function replay(list, presses) {
  let current = list.current;
  const called = new Set();
  for (const press of presses) {
    if (press.act === "call") {
      current = { id: press.ticket, number: press.number, state: "called", calls: 1 };
      called.add(press.ticket);
    } else if (press.act === "recall") current = { ...current, calls: current.calls + 1 };
    else if (press.act === "start") current = { ...current, state: "in_service" };
    else if (GONE.includes(press.act)) current = null;
  }
  return { current, order: list.order.filter((one) => !called.has(one.id)) };
}

async function standing() {
  const list = await snapshot.load();
  if (!list?.counter) return { list: null };
  const entries = (await entriesOf("press")).map(([, entry]) => entry);
  const presses = entries.filter((entry) => entry.counter === list.counter);
  return { list, presses, ...replay(list, presses) };
}

function allowed({ list, current, order }) {
  const may = new Set();
  if (!current) {
    if (!list.paused && order.some((one) => one.mine)) may.add("call");
  } else if (current.state === "called") {
    may.add("start").add("hold").add(current.calls < list.callsBeforeSkip ? "recall" : "skip");
  } else may.add("finish").add("hold");
  return may;
}

async function show() {
  const now = await standing();
  const waiting = (await entriesOf("press")).length;
  say(["lost"], ...(waiting ? [["unsent", waiting]] : []), ...doubt);
  root.hidden = !now.list;
  document.querySelector("[data-nothing]").hidden = Boolean(now.list);
  if (!now.list) return;
  const { list, current, order } = now;
  const may = allowed(now);
  document.querySelector("[data-counter-number]").textContent = list.counterNumber;
  root.querySelector("[data-number]").textContent = current?.number ?? "–";
  root.querySelector("[data-calls]").textContent = current?.calls ?? "";
  const showing = {
    free: !current,
    open: Boolean(current),
    called: current?.state === "called",
    in_service: current?.state === "in_service",
  };
  for (const part of root.querySelectorAll("[data-when]")) {
    part.hidden = !(showing[part.dataset.when] ?? may.has(part.dataset.when));
  }
  for (const button of root.querySelectorAll("[data-act]")) button.disabled = !may.has(button.dataset.act);
  root.querySelector("[data-empty]").hidden = Boolean(current) || may.has("call") || list.paused;
  root.querySelector("[data-snapshot-at]").textContent = clock.format(list.keptAt);
  const next = order.filter((one) => one.mine).slice(0, NEXT);
  root.querySelector("[data-order]").replaceChildren(...next.flatMap((one) => [chip(one.number), " "]));
}

function chip(text) {
  const made = document.createElement("span");
  made.className = "chip";
  made.textContent = text;
  return made;
}

async function press(act) {
  if (busy) return;
  busy = true;
  const now = await standing();
  if (now.list && allowed(now).has(act)) {
    const who = act === "call" ? now.order.find((one) => one.mine) : now.current;
    const entry = { nonce: newNonce(), act, ticket: who.id, number: who.number, counter: now.list.counter };
    await keepEntry("press", now.list, act === "finish" ? { ...entry, outcome: outcome.value } : entry);
    if (act === "start") outcome.selectedIndex = 0;
  }
  await show();
  busy = false;
  if (document.activeElement === document.body) root.querySelector("[data-act]:not(:disabled)")?.focus();
}

// A scanner that types calls nobody, and without a connection no ticket can be looked up here.
onScan(() => (document.querySelector("[data-scanned]").hidden = false));

root.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act) press(act);
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const key = event.key.toLowerCase();
  if (/^[1-9]$/.test(key) && outcome.options[Number(key) - 1]) outcome.selectedIndex = Number(key) - 1;
  else {
    const button = root.querySelector(`[data-key="${CSS.escape(key)}"]:not(:disabled)`);
    if (!button || button.closest("[hidden]")) return;
    button.click();
  }
  event.preventDefault();
});

async function look() {
  const before = await snapshot.load();
  const connection = await probe();
  if (connection === "out") return location.assign("/petugas/masuk?next=/loket/");
  if (connection === "here" && (await sendUnsent("press"))) return location.replace("/loket/");
  if (!before) await show();
  else if (connection === "away") await show();
  setTimeout(look, PROBE);
}

// Not by the list: its order must stay as it was while presses that go with it are still to be sent.
async function probe() {
  try {
    const answer = await fetch("/meja/sinkron", {
      headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(5_000),
    });
    return [401, 403].includes(answer.status) ? "out" : answer.status < 500 ? "here" : "away";
  } catch {
    return "away";
  }
}

pruneLinks();
await show();
look();
