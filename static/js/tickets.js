// "Tiket di HP ini": lists what was put on this device, also without a network.

import { keepThisPage } from "./kept-copy.js";
import { onShelf, take } from "./shelf.js";

const list = document.querySelector("[data-tickets]");
const none = document.querySelector("[data-none]");
const row = document.querySelector("[data-row]");

function show() {
  const kept = onShelf();
  list.replaceChildren(...kept.map(item));
  none.hidden = kept.length > 0;
}

function item(ticket) {
  const shown = row.content.cloneNode(true).firstElementChild;
  const link = shown.querySelector("a");
  link.href = `/t/${ticket.token}`;
  link.textContent = ticket.number;
  shown.querySelector("[data-service]").textContent = ticket.service;
  shown.querySelector("[data-when]").textContent = ticket.when;
  const remove = shown.querySelector("button");
  remove.querySelector("span").textContent = ` ${ticket.number}`;
  remove.addEventListener("click", () => {
    take(ticket.token);
    show();
    document.querySelector("h1").focus();
  });
  return shown;
}

show();
keepThisPage({ known: Boolean(navigator.serviceWorker?.controller) });
