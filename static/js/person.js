// The page of a person: a key for each thing that can be done.

const SWITCHED_OFF = "person-keys-off";
const keys = document.querySelector("[data-keys]");
const button = keys.querySelector("[data-keys-switch]");
const switchedOff = () => localStorage.getItem(SWITCHED_OFF) === "1";
const isTyping = (element) => element?.matches("input, select, textarea");

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || switchedOff() || isTyping(event.target)) return;
  if (!/^[a-z]$/i.test(event.key)) return;
  const target = document.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
  if (!target) return;
  event.preventDefault();
  target.click();
});

function show() {
  button.textContent = switchedOff() ? button.dataset.off : button.dataset.on;
  document.body.classList.toggle("keys-off", switchedOff());
}

button.addEventListener("click", () => {
  localStorage.setItem(SWITCHED_OFF, switchedOff() ? "0" : "1");
  show();
});
keys.hidden = false;
show();
