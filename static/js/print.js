// Printing by a button, and at once when the page was opened for it.

const button = document.querySelector("[data-print]");

button.hidden = false;
document.querySelector("[data-print-hint]").hidden = true;
button.addEventListener("click", () => print());
