// On a page that needs the server: keeps what its stand-in needs, and goes there when the connection is cut.

import { DayList } from "./day.js";
import { isKept, keepShells } from "./shells.js";
import { possible } from "./store.js";
import { say } from "./notice.js";
import { sendUnsent } from "./sync.js";
import { refusedEntries } from "./unsent.js";

const PROBE = 3_000; // ms until a connection that failed once is tried again

// `name`, `url`: of the list; `page`: this page's address; `pages`: shells by address; `kind`: what is sent from here;
// `every`: ms between two looks.
export function watch({ name, url, page, pages, scope, kind, every }) {
  if (!possible) return;
  const list = new DayList(name, url);
  let failed = 0;
  let timer;

  async function look() {
    clearTimeout(timer);
    // Before the list: a counter's order must not be renewed while presses that go with the old one are kept.
    await sendUnsent(kind);
    const refused = (await refusedEntries()).length;
    if (refused) say(["refused", refused]);
    failed = (await list.refresh()) === "away" ? failed + 1 : 0;
    if (failed > 1 && (await list.load()) && (await isKept(page))) return location.assign(page);
    timer = setTimeout(look, failed ? PROBE : every);
  }

  keepShells(pages, scope).catch(() => {});
  addEventListener("offline", look);
  look();
}
