// The display of the hall: asks every two seconds what is so, shows it, and announces each call, one after the other.
// The twin of templates/display/display.html and its view: tests/harness/hall_cases.py holds both to one table.

import { hear, time } from "./hall-clock.js";
import { keepShells } from "./offline/shells.js";
import { Speaker } from "./speaker.js";

const body = document.body;
const find = (name) => body.querySelector(`[data-${name}]`);
const EVERY = 1_700; // ms; an answer may be 1,250 ms old: so each call stands here within three seconds
const PATIENCE = 5_000;
const LOST_AFTER = 10_000;
const NEWS_FOR = 12_000; // ms that one of several announcements stands there
const SHOWN_FOR = 6_000; // a call stays at least so long before the next one takes its place; half when others wait
// How many the page shows is the server's to say (queue_app/web/display/views.py), which writes the first ones.
const MOST_RECENT = Number(body.dataset.mostRecent);
const MOST_NEXT = Number(body.dataset.mostNext);
const MOST_NEXT_OF_QUEUE = Number(body.dataset.mostNextOfQueue);
const wanted = new Set(body.dataset.services.split(",").filter(Boolean));
const asked = new URLSearchParams(location.search).get("suara") ?? "id";
const speaker = new Speaker(body.dataset.audio, asked.split(",").filter((one) => ["id", "en"].includes(one)));

const announced = new Map(); // number -> when the call of it was made that was announced last
const waiting = [];
let calls = [];
let first = true;
let announcing = false;
let heard = performance.now();
let shown = null;
let toldNews = "";

const isMine = (one) => wanted.size === 0 || wanted.has(one.service);
const nameOf = (call) => `${call.number}@${call.counter}@${call.at}`;
const stands = (call) => calls.some((other) => nameOf(other) === nameOf(call) && other.state === "called");

async function ask() {
  const began = performance.now();
  try {
    const answer = await fetch(body.dataset.now, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
    heard = performance.now();
    hear(Number(answer.headers.get("Hall-Time")));
  } catch {
    // Said by the banner once it lasts; the next try follows anyway.
  }
  tick();
  setTimeout(ask, Math.max(EVERY - (performance.now() - began), 0));
}

const tell = () => (find("lost").hidden = performance.now() - heard < LOST_AFTER);

function show(now) {
  calls = now.recent.filter(isMine);
  for (const call of [...calls].reverse()) {
    if (call.at <= (announced.get(call.number) ?? "")) continue; // an older one comes forth when a later one is undone
    announced.set(call.number, call.at);
    if (!first && call.state === "called") waiting.push(call);
  }
  first = false;
  // What was taken back must not stay on the wall.
  const still = shown && calls.find((call) => call.number === shown.number && call.counter === shown.counter);
  if (!still) put(calls[0] ?? null);
  list();
  const next = now.lines.filter(isMine).flatMap((queue) => queue.numbers.slice(0, MOST_NEXT_OF_QUEUE));
  find("next").replaceChildren(...next.slice(0, MOST_NEXT).flatMap((number) => [element("span", number), " "]));
  find("next-line").hidden = next.length === 0;
  const outOfOrder = now.out_of_order.filter(isMine).map(({ number }) => number);
  find("out-of-order").textContent = outOfOrder.join(", ");
  find("out-of-order-line").hidden = outOfOrder.length === 0;
  const stops = now.stops.filter(({ services }) => !services.length || services.some((service) => isMine({ service })));
  const said = stops.map(({ text }) => text).join(" ");
  if (find("stop").textContent !== said) find("stop").textContent = said;
  find("stop").hidden = !said;
  news(now.announcements);
  announce();
}

// Written anew only when they change, and by turns when there are several.
function news(announcements) {
  const told = JSON.stringify(announcements);
  if (told === toldNews) return;
  toldNews = told;
  find("news").replaceChildren(
    ...announcements.map(({ text, important }) => {
      const item = element("li", text);
      item.classList.toggle("display__news-important", important);
      return item;
    }),
  );
  find("news-band").hidden = announcements.length === 0;
  find("news").classList.toggle("display__news--turns", announcements.length > 1);
  turn();
}

function turn() {
  const items = [...find("news").children];
  const whose = Math.floor(time() / NEWS_FOR) % items.length;
  items.forEach((item, number) => item.toggleAttribute("data-turn", number === whose));
}

async function announce() {
  if (announcing) return;
  announcing = true;
  while (waiting.length) {
    const call = waiting.shift();
    if (!stands(call)) continue; // taken back before its turn came
    put(call);
    list();
    body.classList.add("display--calling");
    const pause = new Promise((resolve) => setTimeout(resolve, waiting.length ? SHOWN_FOR / 2 : SHOWN_FOR));
    await Promise.all([speaker.call(call), pause]);
    body.classList.remove("display--calling");
  }
  announcing = false;
}

function put(call) {
  shown = call;
  find("picture").toggleAttribute("hidden", !call);
  find("number").textContent = call?.number ?? "";
  const line = find("counter-line");
  if (call) line.replaceChildren(`${body.dataset.counter} `, element("strong", call.counter));
  else line.textContent = body.dataset.nobody;
}

function list() {
  const others = calls.filter((call) => call.number !== shown?.number).slice(0, MOST_RECENT - 1);
  find("recent").replaceChildren(
    ...others.map((call) => {
      const item = document.createElement("li");
      item.append(element("span", call.number), " ", element("span", `${body.dataset.counter} ${call.counter}`));
      return item;
    }),
  );
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

const clock = new Intl.DateTimeFormat(document.documentElement.lang === "id" ? "id" : "en-GB", {
  hour: "2-digit", minute: "2-digit", timeZone: body.dataset.zone, hourCycle: "h23",
});
function tick() {
  find("clock").textContent = `${clock.format(new Date(time()))} ${body.dataset.zoneLabel}`;
  tell();
  turn();
}

// A browser plays nothing before somebody touched the page, unless it was started with that allowed.
const button = find("sound");
speaker.onchange = (silenced) => (button.hidden = !silenced);
button.addEventListener("click", () => {
  speaker.wake();
  document.documentElement.requestFullscreen?.().catch(() => {});
});

// Until the first answer the page shows the time that came with it.
ask().then(() => setInterval(tick, 1_000));

// A display that is switched on without a connection shows what was so a few minutes before.
const SNAPSHOT_EVERY = 300_000; // ms
const PARTS = ["hall-clock.js", "speaker.js", "offline/shells.js", "offline/store.js"];
const parts = PARTS.map((name) => new URL(name, import.meta.url).href);
const keep = () => keepShells({ [location.pathname]: location.href }, "/display/", parts).catch(() => {});
keep();
setInterval(keep, SNAPSHOT_EVERY);
