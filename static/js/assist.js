// Booking for somebody else by keyboard: Enter goes on to the next empty field and books when none is left, F2 adds a
// person, F4 goes to the hours, and those are asked for again when something changes that they depend on.

const form = document.querySelector("[data-assist]");
const persons = form.querySelector("[data-persons]");
const template = form.querySelector("[data-row]");
const addButton = form.querySelector("[data-add]");
const hours = form.querySelector("[data-hours]");
const said = form.querySelector("[data-said]");
const showHours = form.querySelector("[data-show-hours]");
const PATIENCE = 6_000; // ms
let asked = 0;

showHours.hidden = true;
form.addEventListener("keydown", press);
form.addEventListener("change", change);
addButton.addEventListener("click", (event) => {
  event.preventDefault();
  addPerson();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "F2") addPerson();
  else if (event.key === "F4" && !event.altKey) goToHours();
  else return;
  event.preventDefault();
});

// A card reader types the NIK and Enter; a person who presses Enter too early has not finished either.
function press(event) {
  if (event.key !== "Enter" || !event.target.matches("input, select") || event.isComposing) return;
  const next = event.target.matches("[data-nik]")
    ? event.target.closest("[data-person]").querySelector("[data-name]")
    : firstEmpty();
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function chosen() {
  return form.querySelector("input[name=when]:checked")?.value ?? "";
}

function firstEmpty() {
  if (!form.elements.service.value) return form.elements.service;
  for (const [place, row] of rows().entries()) {
    const fields = [row.querySelector("[data-nik]"), row.querySelector("[data-name]")];
    const empty = fields.filter((field) => !field.value.trim());
    if (empty.length === 1 || (empty.length && !place)) return empty[0];
  }
  if (!chosen()) return form.querySelector("input[name=when]:enabled");
  const belongs = { lain: "[data-later]", tambahan: "[data-reason]" }[chosen()];
  const beside = belongs && form.querySelector(belongs);
  return beside && !beside.value.trim() ? beside : null;
}

function change(event) {
  const { name } = event.target;
  if (name === "service" || name === "priority") refresh();
  if (name === "later" && event.target.value) choose("lain");
  if (name === "reason" && event.target.value) choose("tambahan");
  const later = form.querySelector("[data-later]");
  if (name === "when" && event.target.value !== "lain" && later) later.value = "";
  if (event.target.matches("[data-nik]") && rows().length > 1) refresh();
}

function choose(value) {
  const radio = form.querySelector(`input[name=when][value="${value}"]`);
  if (radio) radio.checked = true;
}

function goToHours() {
  (form.querySelector("input[name=when]:checked") ?? form.querySelector("input[name=when]:enabled"))?.focus();
}

function rows() {
  return [...persons.querySelectorAll("[data-person]")];
}

function addPerson() {
  const index = rows().length;
  const most = Number(addButton.dataset.most);
  if (index < most) {
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("INDEX", index).replaceAll("NUMBER", index + 1);
    persons.append(holder.content);
    for (const legend of persons.querySelectorAll("[data-legend]")) legend.classList.remove("govuk-visually-hidden");
    addButton.hidden = index + 1 >= most;
  }
  rows().at(-1).querySelector("[data-nik]").focus();
}

function filled() {
  return rows().filter((row) => [...row.querySelectorAll("input")].some((field) => field.value.trim())).length;
}

async function refresh() {
  const turn = ++asked;
  const wanted = new URLSearchParams({
    layanan: form.elements.service.value,
    prioritas: form.elements.priority.value,
    orang: Math.max(1, filled()),
    pilihan: chosen(),
  });
  try {
    const answer = await fetch(`${form.dataset.hoursUrl}?${wanted}`, {
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (turn !== asked) return;
    if (!answer.ok) throw new Error(answer.status);
    show(await answer.text());
    showHours.hidden = true;
  } catch {
    said.textContent = form.dataset.textStale;
    showHours.hidden = false;
  }
}

// What was chosen and typed while the answer was on its way stays, unless that hour is gone.
function show(fresh) {
  const before = {
    chosen: chosen(),
    later: form.querySelector("[data-later]")?.value,
    reason: form.querySelector("[data-reason]")?.value,
    focus: hours.contains(document.activeElement) && document.activeElement.id,
  };
  hours.innerHTML = fresh;
  if (before.chosen) {
    for (const radio of form.querySelectorAll("input[name=when]")) {
      radio.checked = radio.value === before.chosen && !radio.disabled;
    }
  }
  const later = form.querySelector("[data-later]");
  if (later && [...later.options].some((option) => option.value === before.later)) later.value = before.later;
  const reason = form.querySelector("[data-reason]");
  if (reason && before.reason) reason.value = before.reason;
  if (before.focus) (document.getElementById(before.focus) ?? form.querySelector("input[name=when]:enabled"))?.focus();
  said.textContent = before.chosen && !chosen() ? form.dataset.textGone : form.dataset.textFresh;
}
