// Choosing a time: the button names what it will book, and the slot stands in the address of the request.

const form = document.querySelector("[data-choose]");
const button = form.querySelector("[data-button]");

form.addEventListener("change", show);
addEventListener("pageshow", show); // a page that comes back keeps its chosen radio
show();

function show() {
  const chosen = form.querySelector("input[name=slot_id]:checked");
  if (!chosen || !button) return;
  button.textContent = form.dataset.text.replace("{slot}", chosen.dataset.label);
  if (form.dataset.action) form.action = form.dataset.action.replace("/0/", `/${chosen.value}/`);
}
