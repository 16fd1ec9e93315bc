// What the server has refused and this device still keeps, on the page of offline work: nothing of it is lost unseen.

import { remove, replace } from "./store.js";
import { sendUnsent } from "./sync.js";
import { refusedEntries } from "./unsent.js";

const root = document.querySelector("[data-refused]");
const list = root.querySelector("[data-refused-list]");
const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: "medium", timeStyle: "short", hourCycle: "h23", timeZone: root.dataset.zone,
});

async function show() {
  const entries = await refusedEntries();
  root.hidden = !entries.length;
  list.replaceChildren(...entries.map(([place, entry]) => item(place, entry)));
}

function item(place, entry) {
  const made = root.querySelector("[data-refused-item]").content.cloneNode(true);
  const act = root.querySelector(`[data-act="${CSS.escape(entry.act ?? "scan")}"]`);
  const at = Date.parse(entry.at);
  made.querySelector("[data-refused-what]").textContent = act?.textContent ?? "";
  made.querySelector("[data-refused-whom]").textContent = entry.number ?? entry.code ?? "";
  made.querySelector("[data-refused-at]").textContent = Number.isNaN(at) ? "–" : clock.format(at);
  made.querySelector("[data-refused-words]").textContent = entry.refused;
  made.querySelector("[data-refused-remove]").addEventListener("click", async () => {
    await remove(place);
    await show();
  });
  made.querySelector("[data-refused-again]").addEventListener("click", async () => {
    const { refused: _refused, ...fresh } = entry;
    await replace(place, fresh);
    await sendUnsent(entry.kind);
    location.reload();
  });
  return made;
}

show();
