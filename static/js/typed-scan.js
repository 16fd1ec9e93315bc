// A scanner that types: a burst of characters with its end (Enter, Tab, or none) is a scan on every page of staff,
// never keys of the page and never text in a field.
//
// A person presses keys 100 ms and more apart, a scanner every 1 to 20 ms. So a key that a page might act on is held
// back for a moment, until it is known not to be the first of a burst. A computer that stands still brings the others
// late, and in their order: a finger's key comes up again after 50 ms and more, a scanner's at once, so that one waits
// longer for the rest. What is typed into a field is not held back: when it turns out to be a scan, the field gets
// back what it held before.

import { scannedCode, tokenReadings } from "./scanned.js";

const GAP = 80; // ms between two keys of a burst, at most: a busy computer stretches them
const HOLD = 90; // ms that a key waits for a second one
const TOUCH = 30; // ms that a finger is on a key at least
const LATE = 700; // ms that a key waits that was touched for less, or of which nobody knows yet
const HALT = 3_000; // ms that two or three keys wait that came as only a scanner's do
const STALL = 1_000; // ms between two keys once it is a burst for certain: a radio may pause
const QUIET = 300; // ms after which a whole token is a scan without an end
const AFTER = 250; // ms after a scan in which a second end of it means nothing
const SHORTEST = 4; // characters of a burst that is not a person's doing
const UNENDED = 20; // characters that are a scan even without an end
const IN_FIELD = 8; // in a field a card reader's short words stay
const MODIFIERS = ["Shift", "CapsLock", "Control", "Alt", "AltGraph", "Meta", "NumLock"];
const CONTROL_ENDS = { j: "\n", m: "\r", i: "\t" }; // some scanners send line feeds as Ctrl + J
const TEXT = "textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit], [type=file])";
const PLACES = { Minus: "-", BracketLeft: "[", BracketRight: "]", Slash: "/", Period: ".", Semicolon: ":", Space: " " };
const released = new WeakSet();
let burst = null;
let unended = null; // the last scan, when it had no end
let lately = null; // what was no scan a moment ago: of one that halts after its first key, the beginning
let timer;
let deafUntil = -Infinity;
let take = null;

// `handler`: gets the code, and what was found out about the burst; the last one that was given is asked.
export function onScan(handler) {
  if (!take) {
    addEventListener("keydown", hear, { capture: true });
    addEventListener("keyup", rise, { capture: true });
  }
  take = handler;
}

const isField = (element) => element?.matches?.(TEXT) && !element.matches("[data-shortcuts]");
const isShort = () => burst.events.length < SHORTEST; // nobody knows yet whether it is a scanner's
const patience = () => (isShort() ? GAP : STALL);
const lateness = () => (burst.pauses.length && Math.max(...burst.pauses) < TOUCH ? HALT : LATE);

function hear(event) {
  if (released.has(event) || MODIFIERS.includes(event.key) || event.isComposing) return;
  if (event.target.matches?.("[type=password], [data-no-scan]")) return settle();
  if (burst && event.timeStamp - burst.last > patience()) settle();
  const end = endOf(event);
  if (end && burst && isScan(burst)) {
    swallow(event);
    return complete(end, event);
  }
  if (end && event.timeStamp < deafUntil) return swallow(event);
  const combined = event.ctrlKey || event.altKey || event.metaKey;
  if (combined && burst?.events.length >= SHORTEST && !event.getModifierState("AltGraph")) return swallow(event);
  const character = event.key.length === 1 || event.key === "Dead";
  const starts = !burst && event.key === " "; // presses a button
  if (!character || (combined && !event.getModifierState("AltGraph")) || event.repeat || starts) return settle();
  add(event);
}

function add(event) {
  const field = isField(event.target) ? event.target : null;
  const isRest = unended && event.timeStamp - unended.last <= GAP; // it comes late
  burst ??= isRest ? unended : begin(event, field);
  if (burst.events.length) burst.pauses.push(event.timeStamp - burst.last);
  deafUntil = -Infinity; // the next end is of what is typed now
  burst.events.push(event);
  burst.last = event.timeStamp;
  burst.heard = performance.now();
  burst.pressed = false;
  if (!burst.field) swallow(event);
  wait(isWhole(burst.events) ? QUIET : Math.max(HOLD, patience()));
}

function rise(event) {
  if (!burst || event.code !== burst.events.at(-1).code || event.timeStamp - burst.last < TOUCH) return;
  burst.pressed = true;
  if (isShort()) wait(Math.max(0, burst.heard + HOLD - performance.now()));
}

function begin(event, field) {
  const isHalted = lately?.field === field && event.timeStamp - lately.last <= STALL;
  return { events: [], pauses: [], halted: isHalted ? lately : null, field, before: field && stateOf(field) };
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function endOf(event) {
  if (event.ctrlKey && !event.altKey && !event.metaKey) return CONTROL_ENDS[event.key.toLowerCase()];
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return undefined;
  return { Enter: "\r", Tab: "\t" }[event.key];
}

// A page that was busy gets its keys late: then whatever is still queued is looked at before anything is decided.
function wait(time) {
  clearTimeout(timer);
  const due = performance.now() + time;
  timer = setTimeout(() => {
    const left = isShort() && !burst.pressed ? burst.heard + lateness() - performance.now() : 0;
    if (left > 0) wait(left);
    else if (performance.now() - due > GAP / 2) wait(GAP / 2);
    else settle();
  }, time);
}

// Nothing more has come: one key was a key, a whole token is a scan without an end, and what is between is nothing.
function settle() {
  clearTimeout(timer);
  if (!burst) return;
  if (isWhole(burst.events) && isScan(burst)) return complete("", burst.events.at(-1));
  const pressed = isShort() && !burst.field ? burst.events : [];
  [lately, burst] = [burst, null];
  pressed.forEach(release);
}

function isWhole(events) {
  return events.length >= UNENDED && [typed, byPlace].some((read) => tokenReadings(read(events)).length);
}

function isScan({ events, pauses, field }) {
  const count = events.length;
  if (count < SHORTEST || middle(pauses) > GAP) return false;
  if (!field) return true;
  // A reader of identity cards types a NIK, or a name, where it belongs.
  const text = typed(events);
  if (/\s/.test(text)) return false;
  const isMixed = [text, byPlace(events)].every((read) => !/^(\d+|[A-Z]+)$/i.test(read));
  return count >= UNENDED || (count >= IN_FIELD && isMixed);
}

// Of many numbers the one in the middle: a pause or two do not count.
const middle = (numbers) => [...numbers].sort((one, other) => one - other)[numbers.length >> 1];

// One key in a field a moment before was a person's, unless a token lacks it.
function sinceItsHalt({ events, halted, field, before }) {
  const all = [...(halted?.events ?? []), ...events];
  const belongs = halted && (!field || halted.events.length > 1 || (!isWhole(events) && isWhole(all)));
  return belongs ? { events: all, before: halted.before } : { events, before };
}

function complete(end, event) {
  const { pauses, field } = burst;
  const { events, before } = sinceItsHalt(burst);
  // What stands in a field for scans is the beginning of this one: something kept the keys waiting.
  const begun = field?.matches("[data-scan-field]") ? before.value : "";
  clearTimeout(timer);
  unended = end ? null : burst;
  burst = lately = null;
  deafUntil = event.timeStamp + AFTER;
  if (field) putBack(field, begun ? { value: "" } : before);
  const text = { typed: begun + typed(events), byPlace: byPlace(events) };
  const pace = middle(pauses);
  take(codeOf(text), { ...text, end, pace, capsLock: event.getModifierState("CapsLock") });
}

// Both readings where they differ: whoever decides looks for a genuine token in all of it.
function codeOf({ typed: text, byPlace: other }) {
  if (scannedCode(text) || !tokenReadings(other).length) return scannedCode(text) ? text : scannedCode(other) ?? text;
  return tokenReadings(text).includes(tokenReadings(other)[0]) ? text : `${text}|${other}`;
}

const typed = (events) => events.map(({ key }) => (key === "Dead" ? "" : key)).join("");

// As a US keyboard would have it, whatever the layout is.
function byPlace(events) {
  const place = ({ code }) => /^(?:Digit|Numpad|Key)([0-9A-Z])$/.exec(code)?.[1] ?? PLACES[code] ?? "?";
  return events.map(place).join("");
}

function stateOf(field) {
  if (field.matches("select")) return { index: field.selectedIndex };
  return { value: field.value, start: field.selectionStart, end: field.selectionEnd };
}

function putBack(field, { index, value, start, end }) {
  if (index !== undefined) field.selectedIndex = index;
  else field.value = value;
  if (typeof start === "number") field.setSelectionRange(start, end);
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
}

// Pressed after all, a moment later.
function release(event) {
  const { key, code, location, shiftKey } = event;
  const before = document.activeElement;
  if (!isField(before)) {
    const keys = { key, code, location, shiftKey, bubbles: true, cancelable: true, view: window };
    const again = new KeyboardEvent("keydown", keys);
    released.add(again);
    if (!(event.target.isConnected ? event.target : before).dispatchEvent(again)) return;
  }
  const field = document.activeElement; // the key may have led there, to be typed
  if (!isField(field) || typeof field.selectionStart !== "number") return;
  field.setRangeText(key, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, data: key, inputType: "insertText" }));
}
