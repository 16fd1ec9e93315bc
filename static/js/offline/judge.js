// What is told about a ticket when there is no connection: the twin of `judge_arrival` in domain/arrivals.py. A test
// compares the two over a table of cases.

import { scannedCode, tokenReadings } from "../scanned.js";

export const ADMITTING = ["checked_in", "late"];
const MINUTE = 60_000; // ms

// Times in ms; `day` and `today` as 2026-11-24.
export function judgeArrival({ state, given, ticketOffice, deskOffice, day, today, starts, ends, early, late, now }) {
  if (state === "cancelled" || state === "rescheduled") return state;
  if (!given) return "day_closed";
  if (ticketOffice !== deskOffice) return "wrong_office";
  if (day !== today) return "wrong_day";
  if (state === "checked_in") return "already";
  if (now < starts - early * MINUTE) return "too_early";
  if (now > ends + late * MINUTE) return "late";
  return "checked_in";
}

// { tokens, code }: whatever it may be; null for what can be neither.
export function readScan(typed) {
  const read = { tokens: tokenReadings(typed), code: scannedCode(typed) };
  return read.tokens.length || read.code ? read : null;
}

export async function sha256(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The tickets of the day's list that were meant: one, or a family's. Who has cancelled counts only when all have.
export async function findTickets(list, read) {
  const tokens = new Set(await Promise.all(read.tokens.map(sha256)));
  const own = list.tickets.filter((ticket) => tokens.has(ticket.token));
  if (own.length || !read.code) return own;
  const wanted = await sha256(`${list.day}:${read.code}`);
  const party = list.tickets.filter((ticket) => ticket.code === wanted);
  const coming = party.filter((ticket) => ticket.state !== "cancelled");
  return coming.length ? coming : party.slice(0, 1);
}

// `here`: ids of those whom this device has let in itself.
export function judgeTicket(ticket, list, here) {
  return judgeArrival({
    state: here.has(ticket.id) ? "checked_in" : ticket.state,
    given: ticket.given,
    ticketOffice: list.office,
    deskOffice: list.office,
    day: list.day,
    today: list.day, // the list is dropped when the day is over
    starts: Date.parse(ticket.starts),
    ends: Date.parse(ticket.ends),
    early: ticket.early,
    late: ticket.late,
    now: list.now,
  });
}
