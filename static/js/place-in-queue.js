// The queue as it is now, kept up to date every fifteen seconds: on the ticket's page and on the one for paper tickets.
// The twin of queue_app/web/hall/place_in_queue.py: tests/harness/hall_cases.py holds both to one table.

const EVERY = 15_000; // ms
const LONG = [400, 200, 400, 200, 400]; // ms of shaking and of rest
const SHORT = [200];
const box = document.querySelector("[data-queue]");
const { say, title } = JSON.parse(box.dataset.words);
const plainTitle = document.title;
const signalled = new Map(); // number -> what the telephone has shaken for
let heard = new Date(box.dataset.time);
let asking = false;

const find = (name) => box.querySelector(`[data-${name}]`);
const people = () => [...box.querySelectorAll("[data-number]")];
const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
const clock = (options) => new Intl.DateTimeFormat("sv", { timeZone: box.dataset.zone, ...options });

// A page that was kept for the time without a network may be opened on another day.
const isOver = () => box.dataset.day && clock({ dateStyle: "short" }).format(new Date()) !== box.dataset.day;

async function ask() {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch(box.dataset.now, { cache: "no-cache", signal: AbortSignal.timeout(8_000) });
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
    heard = new Date();
    box.hidden = false;
    find("lost").hidden = true;
  } catch {
    sayLost();
  }
  asking = false;
}

function show(now) {
  box.dispatchEvent(new CustomEvent("hall", { detail: now }));
  const places = people().map((person) => [person, place(now, person.dataset.number)]);
  const services = servicesOf(places.map(([, one]) => one));
  const concerns = (one) => !services.size || !one.services.length || one.services.some((code) => services.has(code));
  write(find("stop"), now.stops.filter(concerns).map(({ text }) => text).join(" "));
  list(now.calls.filter((call) => !services.size || services.has(call.service)));
  for (const [person, { kind, where, wait, counter }] of places) {
    const to = person.querySelector("[data-to]");
    to.hidden = kind !== "called";
    if (!to.hidden && to.lastElementChild.textContent !== String(counter)) to.lastElementChild.textContent = counter;
    if (kind) {
      write(person.querySelector("[data-where]"), where);
      write(person.querySelector("[data-wait]"), wait);
    }
  }
  const isNew = places.find(([person, { kind }]) => kind === "called" && person.dataset.kind !== "called");
  const changed = places.some(([person, { kind }]) => !kind !== !person.dataset.kind);
  for (const [person, { kind }] of places) person.dataset.kind = kind;
  if (find("more")) find("more").hidden = !places.some(([, { kind }]) => ["first", "nearly", "ahead"].includes(kind));
  if (isNew) isNew[0].scrollIntoView({ block: "center" }); // where to go fills the screen
  signal(places.map(([, one]) => one));
  if (changed && box.dataset.day) renew(); // only the server knows why somebody has left the queue
}

// What these people wait for now: they may have been passed on. Nothing known: everything concerns them.
function servicesOf(places) {
  const found = places.map(({ service }) => service).filter(Boolean);
  return new Set(found.length || !box.dataset.service ? found : [box.dataset.service]);
}

function place(now, number) {
  const call = now.calls.find((one) => one.number === number);
  if (call) {
    const { counter, service, at: once } = call;
    const kind = call.state === "called" ? "called" : "serving";
    return { number, kind, once, counter, service, where: fill(say[kind], call) };
  }
  const queue = now.lines.find((one) => one.numbers.includes(number));
  if (!queue) return { number, kind: "" };
  const ahead = queue.numbers.indexOf(number);
  const kind = ahead === 0 ? "first" : ahead <= now.nearly ? "nearly" : "ahead";
  const { service, stopped, waits } = queue;
  return { number, kind, service, where: fill(say[kind], { ahead }), wait: stopped ? "" : wait(waits, ahead) };
}

function wait(waits, ahead) {
  if (!waits.length) return say.unsure;
  const [low, high] = waits[Math.min(ahead, waits.length - 1)];
  return fill(say[word(low, high, ahead >= waits.length)], { low, high });
}

const SOON = 5;
const HOUR = 60; // minutes
function word(low, high, isBeyond) {
  if (low >= HOUR) return "hour";
  if (isBeyond) return low ? "beyond" : "unsure";
  if (high <= SOON) return "soon";
  if (high > HOUR) return low ? "from" : "unsure";
  if (low === 0) return "within";
  return high - low <= SOON ? "about" : "between";
}

// Written only when it is something else: a reader hears each change.
function write(element, text = "") {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}

function list(calls) {
  const places = calls.map(({ number, counter }) => {
    const one = document.createElement("span");
    one.className = "whole";
    const strong = Object.assign(document.createElement("strong"), { textContent: number });
    one.append(strong, ` ${find("calls").dataset.counter} ${counter}`);
    return one;
  });
  find("calls").hidden = !places.length;
  find("calls").firstElementChild.replaceChildren(...places.flatMap((one, index) => (index ? [", ", one] : [one])));
}

function signal(places) {
  const called = places.find(({ kind }) => kind === "called");
  const near = places.find(({ kind }) => kind === "first" || kind === "nearly");
  document.title = called ? fill(title.called, called) : near ? fill(title.nearly, near) : plainTitle;
  for (const { number, kind, once } of places) {
    const mark = kind === "called" ? once : kind === "first" ? "nearly" : kind;
    if (["called", "first", "nearly"].includes(kind) && signalled.get(number) !== mark) {
      // A browser lets nobody shake a telephone that was not touched, and complains.
      if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(kind === "called" ? LONG : SHORT);
    }
    signalled.set(number, mark);
  }
}

async function renew() {
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page) return;
  const fresh = page.querySelector("[data-queue]");
  if (fresh) box.replaceChildren(...fresh.childNodes);
  else location.reload(); // served, or told that they were not there: the page says more than the queue can
}

function sayLost() {
  box.hidden = isOver();
  const colon = document.documentElement.lang === "id" ? "." : ":";
  const time = clock({ timeStyle: "short" }).format(heard).replace(":", colon);
  write(find("lost"), fill(say.lost, { time }));
  for (const wait of box.querySelectorAll("[data-wait]")) wait.hidden = true;
}

setInterval(ask, EVERY);
addEventListener("online", ask);
document.addEventListener("visibilitychange", () => document.hidden || ask());
ask();
