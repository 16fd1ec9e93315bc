// Printing by a button; without scripts the page says how instead.

const button = document.querySelector("[data-print]");

button.hidden = false;
document.querySelector("[data-print-hint]").hidden = true;
button.addEventListener("click", () => print());
