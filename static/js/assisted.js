// After a booking for somebody else: Enter prints, because the button has the focus; N or Escape goes on to the next.
// And after printing, Enter goes on too.

const next = document.querySelector("[data-next]");

document.querySelector("[data-actions]")?.querySelector("button, a").focus();
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, select, textarea")) return;
  if (event.key !== "Escape" && event.key.toLowerCase() !== "n") return;
  event.preventDefault();
  next.click();
});
