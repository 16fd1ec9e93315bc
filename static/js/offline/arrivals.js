// The day's list without a connection, in place of the page with names: to be read, and to check people in by key.

import { onScan } from "../typed-scan.js";
import { DayList } from "./day.js";
import { ADMITTING, findTickets, judgeTicket, readScan } from "./judge.js";
import { say } from "./notice.js";
import { pruneLinks } from "./shells.js";
import { sendUnsent } from "./sync.js";
import { entriesOf, keepEntry, lettingIn, newNonce } from "./unsent.js";

const PROBE = 4_000; // ms
const root = document.querySelector("[data-snapshot-list]");
const body = root.querySelector("tbody");
const search = root.querySelector("#search");
const pills = document.querySelector("[data-states]").content;
const snapshot = new DayList("desk", "/meja/hari-ini.json");
const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: root.dataset.zone,
});
const mayCheckIn = root.dataset.mayCheckIn === "1";
const doubt = new URLSearchParams(location.search).has("luring") ? [["doubt"]] : [];

async function show() {
  const list = await snapshot.load();
  root.hidden = !list;
  document.querySelector("[data-nothing]").hidden = Boolean(list);
  const waiting = (await entriesOf("scan")).length;
  say(["lost"], ...(waiting ? [["unsent", waiting]] : []), ...doubt);
  if (!list) return body.replaceChildren();
  root.querySelector("[data-snapshot-at]").textContent = clock.format(list.keptAt);
  const here = await lettingIn();
  const chosen = document.activeElement.closest("tr")?.id;
  const wanted = plain(search.value);
  const isWanted = (text) => plain(text).startsWith(wanted);
  const matching = list.tickets.filter((one) => [one.number, one.initials].some(isWanted));
  body.replaceChildren(...matching.map((ticket) => row(ticket, list, here)));
  const row_ = (chosen && document.getElementById(chosen)) || body.rows[0];
  if (!row_) return;
  row_.tabIndex = 0;
  if (chosen) row_.focus();
}

function row(ticket, list, here) {
  const made = document.createElement("tr");
  made.className = "govuk-table__row";
  made.id = `baris-${ticket.id}`;
  made.tabIndex = -1;
  const number = cell("th", ticket.number, " ");
  number.scope = "row";
  number.className = "govuk-table__header number-cell";
  const hour = document.createElement("span");
  hour.className = "arrivals__hour";
  hour.textContent = `${clock.format(Date.parse(ticket.starts))}–${clock.format(Date.parse(ticket.ends))}`;
  number.append(hour);
  const result = judgeTicket(ticket, list, here);
  const acts = cell("td");
  if (mayCheckIn && ADMITTING.includes(result)) acts.append(button(ticket));
  else if (mayCheckIn && result === "too_early") acts.append(root.dataset.textEarly);
  const state = pills.querySelector(`[data-state="${stateOf(ticket, here)}"]`).cloneNode(true);
  made.append(number, cell("td", ticket.initials), cell("td", state), acts);
  return made;
}

function stateOf(ticket, here) {
  if (here.has(ticket.id)) return "local";
  if (ticket.state === "booked") return "expected";
  if (ticket.state !== "checked_in") return ticket.state === "no_show" ? "absent" : ticket.state;
  return ["in_service", "served", "absent"].includes(ticket.visit) ? ticket.visit : "arrived";
}

function cell(name, ...content) {
  const made = document.createElement(name);
  made.className = "govuk-table__cell";
  made.append(...content);
  return made;
}

function button(ticket) {
  const made = document.createElement("button");
  const hidden = document.createElement("span");
  hidden.className = "govuk-visually-hidden";
  hidden.textContent = ` ${ticket.number}`;
  made.className = "act act--main";
  made.dataset.key = "h";
  made.append(root.dataset.textHere, hidden);
  made.addEventListener("click", () => checkIn(ticket.id));
  return made;
}

let busy = false;
async function checkIn(id) {
  if (busy) return;
  busy = true;
  const list = await snapshot.load();
  const ticket = list?.tickets.find((one) => one.id === id);
  if (ticket && ADMITTING.includes(judgeTicket(ticket, list, await lettingIn()))) {
    await keepEntry("scan", list, { nonce: newNonce(), ticket: id, admitted: [id] });
  }
  await show();
  document.getElementById(`baris-${id}`)?.focus();
  busy = false;
}

// A scanner that types: as on the page with names, it checks in.
onScan(async (code) => {
  const list = await snapshot.load();
  const read = list && readScan(code);
  const tickets = read ? await findTickets(list, read) : [];
  search.value = "";
  for (const ticket of tickets) await checkIn(ticket.id);
  document.querySelector("[data-scanned]").hidden = tickets.length > 0;
});

const plain = (text) => text.toUpperCase().replace(/[^0-9A-Z]/g, "");

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const inField = event.target === search;
  const here = [...body.rows].indexOf(event.target.closest("tr"));
  if (event.key === "ArrowDown" || (event.key === "ArrowUp" && !inField)) {
    const next = body.rows[Math.max(0, Math.min(body.rows.length - 1, here + (event.key === "ArrowDown" ? 1 : -1)))];
    for (const one of body.rows) one.tabIndex = -1;
    if (next) next.tabIndex = 0;
    next?.focus();
  } else if (event.key.toLowerCase() === "h" && here >= 0) body.rows[here].querySelector("[data-key=h]")?.click();
  else if (event.key === "/" && !inField) search.focus();
  else return;
  event.preventDefault();
});
search.addEventListener("input", show);

// Back to the page with names as soon as there is a connection, and everything has been sent.
async function look() {
  const connection = await snapshot.refresh();
  if (connection === "out") return location.assign("/petugas/masuk?next=/meja/kedatangan");
  if (connection === "here") {
    await sendUnsent("scan");
    return location.replace("/meja/kedatangan");
  }
  await show();
  setTimeout(look, PROBE);
}

pruneLinks();
await show();
look();
