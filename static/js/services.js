// The search among the services, while somebody types. The twin of queue_app/web/public/calendar/search.py:
// tests/journeys/test_search.py holds both to one table.

const LEAST_STEM = 4;
const form = document.querySelector("[data-search]");
const input = form.querySelector("input[type=search]");
const said = form.querySelector("[data-found]");
const fillers = new Set(form.dataset.fillers.split(" "));
const services = [...document.querySelectorAll("[data-words]")].map((line) => [line, line.dataset.words.split(" ")]);

input.addEventListener("input", show);
form.addEventListener("submit", (event) => {
  if (!show()) return; // the server knows what other offices give
  event.preventDefault(); // it is shown already
  input.blur(); // a telephone's keyboard would lie over it
});
addEventListener("pageshow", () => input.value !== input.defaultValue && show());

// Whether something fits, or nothing was asked for.
function show() {
  document.querySelector("#elsewhere")?.closest("section").remove(); // it was about other words
  const words = wanted(input.value);
  const scores = services.map(([, known]) => words.filter((word) => known.some((one) => isSaid(word, one))).length);
  const best = Math.max(0, ...scores);
  services.forEach(([line], place) => {
    line.hidden = scores[place] < best;
  });
  for (const group of new Set(services.map(([line]) => line.closest("section")))) {
    group.hidden = !group.querySelector("[data-words]:not([hidden])");
  }
  const count = scores.filter((score) => score === best).length;
  const text = !words.length ? "" : best ? said.dataset.found.replace("{count}", count) : said.dataset.none;
  if (said.textContent !== text) said.textContent = text;
  said.hidden = !text;
  return best > 0 || !words.length;
}

function wanted(typed) {
  const plain = typed.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const words = plain.match(/[a-z0-9]+/g) ?? [];
  const telling = words.filter((word) => !fillers.has(word));
  return telling.length ? telling : words;
}

function isSaid(word, known) {
  return known.startsWith(word) || (known.length >= LEAST_STEM && word.startsWith(known));
}
