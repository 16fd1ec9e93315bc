// Every page of staff: a scanner that types is heard, F3 leads to the search field, whatever the page does with its
// letters, and nothing of what somebody saw stays behind when they log out.

import { dropShells } from "./offline/shells.js";
import { forgetLists, possible } from "./offline/store.js";
import "./ticket-look-up.js";

// A page that the browser kept in memory must not show itself again after logging out.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// What is kept for the time without a connection goes too; only what is still to be sent stays, sealed.
const forget = () => (possible ? Promise.all([forgetLists(), dropShells()]) : Promise.resolve());
const leaving = document.querySelector(".staff-nav__person");

if (document.querySelector("[data-log-in]")) forget();
leaving?.addEventListener("submit", (event) => {
  event.preventDefault();
  forget().finally(() => leaving.submit());
});

// Of a menu in one line the page that is open is seen.
const here = document.querySelector(".staff-nav__list--many [aria-current]");
if (here) here.closest("ul").scrollLeft = here.offsetLeft - 24;

// As other menus do.
const menu = document.querySelector(".staff-menu");
menu?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.open) return;
  event.stopPropagation();
  menu.open = false;
  menu.querySelector("summary").focus();
});

const search = document.querySelector("[data-person-search] input[name=q]");
addEventListener("keydown", (event) => {
  if (!search || event.key !== "F3" || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  search.focus();
  search.select();
});
