// Printing by a button, or as soon as the page is there; without scripts the page says how instead.

const button = document.querySelector("[data-print]");

button.hidden = false;
document.querySelector("[data-print-hint]").hidden = true;
button.addEventListener("click", () => print());
if ("printNow" in button.dataset) addEventListener("load", () => print());
