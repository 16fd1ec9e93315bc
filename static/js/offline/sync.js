// Sends what is still unsent as soon as there is a connection again. An entry goes when the server has answered for it;
// what it refuses stays, with its words.

import { entriesOf } from "./unsent.js";
import { remove, replace } from "./store.js";

const MOST = 50; // entries of one request
const ADDRESSES = { scan: "/meja/sinkron", press: "/loket/sinkron" };
const TOKEN = "/meja/sinkron";

// How many were taken, refused and set right in time, and how many things wait for a person; null when it failed or
// another page is at it.
export async function sendUnsent(kind) {
  if (!(await entriesOf(kind)).length) return { sent: 0, refused: 0, corrected: 0, conflicts: null };
  if (!navigator.locks) return send(kind);
  return navigator.locks.request(`send-${kind}`, { ifAvailable: true }, (lock) => lock && send(kind));
}

async function send(kind) {
  const done = { sent: 0, refused: 0, corrected: 0, conflicts: null };
  try {
    const token = await (await fetch(TOKEN, { headers: { Accept: "application/json" }, cache: "no-store" })).json();
    // What was done in another office waits until somebody works there again.
    const entries = (await entriesOf(kind)).filter(([, entry]) => entry.office === token.office);
    const parts = [];
    for (let start = 0; start < entries.length; start += MOST) parts.push(entries.slice(start, start + MOST));
    while (parts.length) {
      const part = parts.shift();
      const answer = await fetch(ADDRESSES[kind], {
        method: "POST",
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token.csrf },
        body: JSON.stringify({ entries: part.map(([, entry]) => entry) }),
      });
      if (answer.status === 422 && part.length > 1) {
        parts.unshift(...part.map((one) => [one])); // one of them makes all unreadable: each by itself
        continue;
      }
      if (!answer.ok && answer.status !== 422) return null;
      const said = answer.ok ? await answer.json() : { answers: {}, refused: {}, unreadable: [0], corrected: 0 };
      for (const [index, [place, entry]] of part.entries()) {
        if (said.answers[entry.nonce]) {
          await remove(place);
          done.sent += 1;
        } else if (said.refused[entry.nonce] || said.unreadable.includes(index)) {
          await replace(place, { ...entry, refused: said.refused[entry.nonce]?.words ?? "–" });
          done.refused += 1;
        }
      }
      done.corrected += said.corrected;
      done.conflicts = said.conflicts ?? done.conflicts;
    }
  } catch {
    return null; // away again: everything that was not acknowledged stays
  }
  return done;
}
