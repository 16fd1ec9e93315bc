// The ticket page: kept for the time without a network or a server, and says so when it is the copy; put on the shelf
// of this device when its owner wants it.

import { keepThisPage } from "./kept-copy.js";
import { onShelf, put, take } from "./shelf.js";

const note = document.querySelector("[data-offline]");
const { keptAt, kept: ofWhen, zone } = note.dataset;
const shelf = document.querySelector("[data-shelf]");
const copy = document.querySelector("[data-copy]");

function showNetwork() {
  note.hidden = navigator.onLine && !keptAt;
}

if (keptAt && ofWhen) {
  const language = document.documentElement.lang === "id" ? "id" : "en-GB";
  const when = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short", timeZone: zone });
  note.textContent = ofWhen.replace("{when}", when.format(Number(keptAt)));
}

addEventListener("online", showNetwork);
addEventListener("offline", showNetwork);
showNetwork();

// Asked before a new worker takes the page over: a page that came through the worker was kept on its way, unless it
// says something for once only: then the worker asks for the plain one.
keepThisPage({ known: Boolean(navigator.serviceWorker?.controller) && !("later" in note.dataset) });

if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector("[data-code]").textContent);
    copy.firstChild.data = copy.dataset.copied;
  });
}

const ticket = shelf && { ...shelf.dataset };

function showShelf() {
  const kept = onShelf().some((one) => one.token === ticket.token);
  shelf.querySelector("button").hidden = kept;
  shelf.querySelector("[data-kept]").hidden = !kept;
}

if (ticket?.void === "yes") {
  take(ticket.token); // moved, cancelled or served: it would only mislead
} else if (ticket) {
  shelf.hidden = false;
  shelf.querySelector("button").addEventListener("click", () => {
    put({ token: ticket.token, number: ticket.numbers, service: ticket.service, when: ticket.when });
    showShelf();
  });
  showShelf();
}
