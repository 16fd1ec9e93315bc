// Every page of staff: a scanner that types is heard, and nothing of what somebody saw stays behind when they log out.

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
