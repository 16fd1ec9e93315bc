// Choosing an hour: the button names the day and hour that it will book, the slot stands in the address of the request,
// and the places left are looked up again while somebody hesitates.

const form = document.querySelector("[data-choose]");
const button = form.querySelector("[data-button]");
const hours = form.querySelector("[data-hours]");
const gone = form.querySelector("[data-gone]");
const EVERY = 10_000; // ms

form.addEventListener("change", show);
addEventListener("pageshow", comeBack);
document.addEventListener("visibilitychange", refresh);
if (hours) setInterval(refresh, EVERY);
show();

function show() {
  const chosen = form.querySelector("input[name=slot_id]:checked");
  if (!chosen || !button) return;
  button.textContent = form.dataset.text.replace("{slot}", chosen.dataset.label);
  if (form.dataset.action) form.action = form.dataset.action.replace("/0/", `/${chosen.value}/`);
}

// A page that comes back keeps its chosen radio. One that comes back as it was, without the server being asked, may
// show a place that was booked meanwhile.
function comeBack(event) {
  if (event.persisted) location.reload();
  else show();
}

// Only notes and locks change, so that neither the chosen hour nor the place of the reader is lost.
async function refresh() {
  if (!hours || document.hidden) return;
  try {
    const answer = await fetch(hours.dataset.hours, { cache: "no-cache", credentials: "same-origin" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const radio of hours.querySelectorAll("input[name=slot_id]")) {
      const now = fresh.querySelector(`input[value="${radio.value}"]`);
      const note = hours.querySelector(`label[for="${radio.id}"] .slot__note`);
      const said = now && fresh.querySelector(`label[for="${now.id}"] .slot__note`);
      if (!now || !note || !said) continue;
      if (note.textContent !== said.textContent) note.textContent = said.textContent;
      if (radio.disabled !== now.disabled && !radio.checked) radio.disabled = now.disabled;
    }
    const isFull = ![...fresh.querySelectorAll("input[name=slot_id]")].some((radio) => !radio.disabled);
    if (gone && gone.hidden === isFull) gone.hidden = !isFull;
  } catch {
    // No network for a moment: what is shown stays, and booking itself has the last word.
  }
}
