// Sends what is still unsent as soon as there is a connection again. An entry goes when the server has answered for it.

import { entriesOf } from "./unsent.js";
import { remove } from "./store.js";

const MOST = 50; // entries of one request
const ADDRESSES = { scan: "/meja/sinkron", press: "/loket/sinkron" };
const TOKEN = "/meja/sinkron";

// How many were sent, and how many things wait for a person; null when it failed or another page is at it.
export async function sendUnsent(kind) {
  if (!(await entriesOf(kind)).length) return { sent: 0, conflicts: null };
  if (!navigator.locks) return send(kind);
  return navigator.locks.request(`send-${kind}`, { ifAvailable: true }, (lock) => lock && send(kind));
}

async function send(kind) {
  let sent = 0;
  let conflicts = null;
  try {
    const token = await (await fetch(TOKEN, { headers: { Accept: "application/json" }, cache: "no-store" })).json();
    // What was done in another office waits until somebody works there again.
    const entries = (await entriesOf(kind)).filter(([, entry]) => entry.office === token.office);
    for (let start = 0; start < entries.length; start += MOST) {
      const part = entries.slice(start, start + MOST);
      const answer = await fetch(ADDRESSES[kind], {
        method: "POST",
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token.csrf },
        body: JSON.stringify({ entries: part.map(([, entry]) => entry) }),
      });
      if (!answer.ok) return null;
      const said = await answer.json();
      for (const [place, entry] of part) if (said.answers[entry.nonce]) await remove(place);
      sent += part.length;
      conflicts = said.conflicts;
    }
  } catch {
    return null; // away again: everything that was not acknowledged stays
  }
  return { sent, conflicts };
}
