// A snapshot of today's list: taken while there is a connection, and dropped when the office's day is over.

import { forgetLists, keepList, possible, readList } from "./store.js";

const PATIENCE = 5_000; // ms for one answer

export class DayList {
  // `name`: under which it is kept; `url`: where it comes from.
  constructor(name, url) {
    this.name = name;
    this.url = url;
  }

  // What the server says about the connection: "here", "away", or "out" for somebody who is not logged in (any more).
  async refresh() {
    const snapshot = await this.load();
    try {
      const answer = await fetch(this.url, {
        headers: {
          Accept: "application/json",
          "Device-Time": new Date().toISOString(), // for the server, when it doubts its own clock
          ...(snapshot && { "If-None-Match": snapshot.etag }),
        },
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.status >= 500) return "away"; // a server that cannot answer is none
      if ([401, 403].includes(answer.status)) {
        if (possible) await forgetLists();
        return "out";
      }
      if (answer.ok) await this.#keep(answer, await answer.json());
      else if (answer.status === 304) await this.#keep(answer, snapshot);
      return "here";
    } catch {
      return "away";
    }
  }

  // The list with `now`, the server's time in ms, or null.
  async load() {
    const list = possible ? await readList(this.name) : null;
    if (!list) return null;
    const now = Date.now() + list.ahead;
    if (now >= Date.parse(list.until)) {
      await forgetLists();
      return null;
    }
    return { ...list, now };
  }

  async #keep(answer, list) {
    if (!possible) return;
    const at = Date.parse(answer.headers.get("Office-Time"));
    const { now: _now, ...snapshot } = list;
    const etag = answer.headers.get("ETag");
    // `keptAt`: when it was taken; so in devices that are in use.
    await keepList(this.name, { ...snapshot, etag, ahead: at - Date.now(), keptAt: at });
  }
}
