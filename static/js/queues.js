// Each service that is given now: the number called last, and how many wait. `place-in-queue.js` asks, and tells it.
// The twin of `queues_today` in queue_app/web/hall/place_in_queue.py: tests/harness/hall_cases.py holds both to it.

const box = document.querySelector("[data-queue]");
const list = box.querySelector("[data-queues]");
const { called, nobody, waiting } = list.dataset;

box.addEventListener("hall", ({ detail: now }) => {
  const lines = now.lines.map((queue) => {
    const call = now.recent.find((one) => one.service === queue.service);
    const last = call ? called.replace("{number}", call.number).replace("{counter}", call.counter) : nobody;
    return [queue.name, `${last} · ${waiting.replace("{count}", queue.numbers.length)}`];
  });
  if (JSON.stringify(lines) !== JSON.stringify(shown())) list.replaceChildren(...lines.map(line));
  list.hidden = !lines.length;
  box.querySelector("[data-no-queues]").hidden = Boolean(lines.length);
});

const shown = () => [...list.children].map((one) => [...one.children].map((part) => part.textContent));

function line([name, text]) {
  const one = document.createElement("li");
  const strong = Object.assign(document.createElement("strong"), { textContent: name });
  one.append(strong, " ", Object.assign(document.createElement("span"), { textContent: text }));
  return one;
}
