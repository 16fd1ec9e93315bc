// The scan page without a connection: decides from the day's list, keeps what it has decided, and sends it afterwards.

import { DayList } from "./day.js";
import { ADMITTING, findTickets, judgeTicket, readScan } from "./judge.js";
import { say, showConflicts } from "./notice.js";
import { keepShells, pruneLinks } from "./shells.js";
import { possible } from "./store.js";
import { sendUnsent } from "./sync.js";
import { entriesOf, keepEntry, lettingIn, refusedEntries, withdraw } from "./unsent.js";

const EVERY = 60_000; // ms between two looks at the list
const ONCE_MORE = 1_000; // ms after which a connection that failed once is tried again
const PROBE = 4_000; // between two tries to reach the server
const PAGES = {
  "/meja/pindai": "/meja/kerangka/pindai",
  "/meja/kedatangan": "/meja/kerangka/kedatangan",
  "/meja/kerangka/lain": "/meja/kerangka/lain",
};
// The camera's scripts come when it is switched on.
const CAMERA = ["../camera.js", "../code-reader.js", "../camera-switch.js", "../scan-signal.js",
  "../../vendor/zxing-wasm/reader/index.js", "../../vendor/zxing-wasm/reader/zxing_reader.wasm"];

export class OfflineDesk {
  #list = new DayList("desk", "/meja/hari-ini.json");
  #words;
  #isIdle;
  #root;
  #timer;

  // `isIdle`: whether nobody would miss anything if the page were loaded anew.
  constructor(root, isIdle) {
    this.#root = root;
    this.#isIdle = isIdle;
    this.#words = root.querySelector("[data-offline-words]").content;
    this.isShell = "shell" in root.dataset;
    this.lost = this.isShell;
    if (!possible) return;
    if (this.isShell) pruneLinks();
    else keepShells(PAGES, "/meja/", CAMERA.map((name) => new URL(name, import.meta.url).href)).catch(() => {});
    addEventListener("online", () => this.look());
    this.look();
  }

  // Asks the server for the list, which tells how the connection is.
  async look() {
    clearTimeout(this.#timer);
    let connection = await this.#list.refresh();
    if (connection === "away" && !this.lost) {
      await new Promise((resolve) => setTimeout(resolve, ONCE_MORE));
      connection = await this.#list.refresh();
    }
    if (connection === "away") await this.lose();
    else await this.#found(connection);
    this.#timer = setTimeout(() => this.look(), this.lost ? PROBE : EVERY);
  }

  // Whether pages may decide by themselves from now on: only with a list of today.
  async lose() {
    const list = await this.#list.load();
    const wasLost = this.lost;
    this.lost = Boolean(list) || this.isShell;
    if (this.lost && !wasLost) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.look(), PROBE);
    }
    if (this.lost) await this.#sayLost();
    return Boolean(list);
  }

  // The answer to a scan, as the server would give it, from what is kept here; null when nothing is.
  async decide({ code, nonce }) {
    const list = await this.#list.load();
    if (!list) return null;
    const read = readScan(code);
    if (!read) return this.#answer(nonce, "unreadable");
    const tickets = await findTickets(list, read);
    const here = await lettingIn();
    const judged = tickets.map((ticket) => ({ ticket, result: judgeTicket(ticket, list, here) }));
    const admitted = judged.filter(({ result }) => ADMITTING.includes(result)).map(({ ticket }) => ticket.id);
    // Somebody who is not in the list may have booked since: the server decides about them afterwards.
    if (admitted.length || !tickets.length) await keepEntry("scan", list, { nonce, code, admitted });
    await this.#sayLost();
    if (!tickets.length) return this.#answer(nonce, "unknown");
    return this.#answer(nonce, together(judged), judged, admitted.length > 0);
  }

  async withdraw(nonce) {
    const list = await this.#list.load();
    return list && (await withdraw(nonce, list)) ? this.#answer(nonce, "withdrawn") : null;
  }

  async #found(connection) {
    if (connection === "out") {
      const left = (await entriesOf("scan")).length;
      if (this.isShell) return location.assign(`/petugas/masuk?next=${location.pathname}`);
      this.lost = false;
      return say(...(left ? [["logIn", left]] : []));
    }
    this.lost = false;
    const done = await sendUnsent("scan");
    if (done) showConflicts(done.conflicts);
    const kept = (await refusedEntries()).length;
    const refused = kept ? [["refused", kept]] : [];
    if (done?.sent) {
      await this.#list.refresh();
      const corrected = done.corrected ? [["corrected", done.corrected]] : [];
      say(["sent", done.sent], ...corrected, ...(done.conflicts ? [["conflicts", done.conflicts]] : []), ...refused);
    } else say(...refused);
    if (this.isShell && this.#isIdle()) location.replace(location.pathname);
  }

  async #sayLost() {
    const left = (await entriesOf("scan")).length;
    say(["lost"], ...(left ? [["unsent", left]] : []));
  }

  #answer(nonce, result, judged = [], withdraws = false) {
    const [tone, sign, word, detail] = this.#say(result);
    const single = judged.length === 1 ? judged[0] : null;
    const texts = {
      sign,
      word,
      number: single?.ticket.number ?? "",
      count: judged.length > 1 ? this.#say("people")[2].replace("{n}", judged.length) : "",
      detail: single ? detail.replace("{time}", this.#welcome(single.ticket)) : judged.length ? "" : detail,
    };
    const body = this.#words.querySelector("[data-answer-body]").cloneNode(true);
    body.dataset.scanId = nonce;
    for (const [name, text] of Object.entries(texts)) {
      const element = body.querySelector(`[data-place=${name}]`);
      element.textContent = text;
      if (!text) element.remove();
    }
    const people = judged.map(({ ticket, result: own }) => {
      const item = document.createElement("li");
      item.className = "scan-person";
      item.textContent = single ? ticket.initials : `${ticket.number} · ${ticket.initials} · ${this.#say(own)[2]}`;
      return item;
    });
    const list = body.querySelector("[data-persons]");
    list.append(...people);
    if (!people.length) list.remove();
    const person = single?.ticket.initials ?? "";
    return { ...texts, scan_id: nonce, tone, persons: [], person, undo_url: "", withdraws, html: body.outerHTML };
  }

  #say(result) {
    const term = this.#words.querySelector(`[data-result="${result}"]`);
    return [term.dataset.tone, term.dataset.sign, term.textContent, term.nextElementSibling.textContent];
  }

  #welcome(ticket) {
    const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
      hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: this.#root.dataset.zone,
    });
    return `${clock.format(Date.parse(ticket.starts) - ticket.early * 60_000)} ${this.#root.dataset.zoneLabel}`;
  }
}

// One word for a family.
function together(judged) {
  const results = new Set(judged.map(({ result }) => result));
  if (results.size === 1) return [...results][0];
  const here = judged.filter(({ result }) => [...ADMITTING, "already"].includes(result)).length;
  return here === judged.length ? "all_here" : here ? "some_here" : "nobody_here";
}
