// Scanning without reloading: sends what was read, shows the answer on the whole screen, and is ready for the next one.
// A scan keeps its nonce until it was answered, so that trying again after a lost answer changes nothing.

const root = document.querySelector("[data-scan]");
const form = root.querySelector("[data-form]");
const field = form.elements.code;
const body = root.querySelector("[data-answer-body]");
const undo = root.querySelector("[data-undo]");
const notice = root.querySelector("[data-notice]");
const soundButton = root.querySelector("[data-sound]");
const TONES = ["ok", "wait", "stop", "held"];
const PLACES = ["sign", "word", "number", "detail", "service", "person"];
const UNDO_FOR = 120_000; // ms; the server decides
const PATIENCE = 6_000; // ms for one answer
const PAUSES = [500, 1_000, 2_000, 4_000];

const waiting = [];
let working = false;
let undoTimer;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const code = field.value.trim();
  field.value = "";
  field.focus();
  if (!code) return;
  waiting.push({ url: form.action, values: { code, nonce: newNonce() } });
  work();
});

undo.addEventListener("submit", (event) => {
  event.preventDefault();
  waiting.push({ url: undo.action, values: {} });
  undo.hidden = true;
  field.focus();
  work();
});

async function work() {
  if (working) return;
  working = true;
  while (waiting.length) {
    const request = waiting[0];
    const answer = await send(request);
    waiting.shift();
    if (answer) show(answer);
  }
  working = false;
}

async function send(request) {
  say(root.dataset.textQueued, 400);
  for (let attempt = 0; ; attempt += 1) {
    try {
      const response = await fetch(request.url, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
        body: new URLSearchParams(request.values),
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (response.ok) {
        say("");
        return await response.json();
      }
      if (response.type === "opaqueredirect" || response.status === 401) return refuse(root.dataset.textEnded);
      if (response.status < 500) {
        const problem = await response.json().catch(() => ({}));
        if (problem.code === "stale_form" && attempt < 2 && (await renewForm())) continue;
        return refuse(problem.title ?? root.dataset.textFailed);
      }
    } catch {
      // No network, or no answer in time: nobody knows whether it was stored, and the nonce makes asking again safe.
    }
    colour("held"); // the answer to the last scan must not be taken for the answer to this one
    body.hidden = true;
    undo.hidden = true;
    say(`${root.dataset.textRetrying} (${attempt + 1})`);
    await new Promise((resolve) => setTimeout(resolve, PAUSES[Math.min(attempt, PAUSES.length - 1)]));
  }
}

// The page may have been open for longer than its form is good for.
async function renewForm() {
  const page = await fetch(location.pathname, { headers: { Accept: "text/html" }, redirect: "manual" });
  if (!page.ok) return false;
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[name=csrf_token]");
  if (!fresh) return false;
  form.elements.csrf_token.value = fresh.value;
  return true;
}

function show(answer) {
  for (const name of PLACES) {
    const place = body.querySelector(`[data-place="${name}"]`);
    place.textContent = answer[name];
    place.hidden = !answer[name];
  }
  body.hidden = false;
  colour(answer.tone);
  document.title = `${answer.sign} ${answer.word}`;
  undo.hidden = !answer.undo_url;
  undo.action = answer.undo_url;
  clearTimeout(undoTimer);
  undoTimer = setTimeout(() => (undo.hidden = true), UNDO_FOR);
  signal(answer.tone);
  scrollTo(0, 0);
  field.focus({ preventScroll: true });
}

function colour(tone) {
  document.body.classList.remove("scanning", ...TONES.map((other) => `scanning--${other}`));
  if (tone) document.body.classList.add("scanning", `scanning--${tone}`);
}

function clear() {
  colour(null);
  body.hidden = true;
  undo.hidden = true;
  document.title = root.dataset.textTitle;
  field.focus();
}

function refuse(text) {
  clear();
  say(text);
  signal("stop");
  return null;
}

let sayTimer;
function say(text, after = 0) {
  clearTimeout(sayTimer);
  const write = () => {
    notice.textContent = text;
    notice.hidden = !text;
  };
  if (after && text) sayTimer = setTimeout(write, after);
  else write();
}

// Different in rhythm and height, so that nobody has to look: one high, two middle, three low.
const MELODIES = { ok: [[880, 0.12]], wait: [[587, 0.14], [587, 0.14]], stop: [[220, 0.18], [220, 0.18], [165, 0.3]] };
const SHAKES = { ok: [80], wait: [80, 80, 80], stop: [250, 100, 250] };
let audio;
let loud = true;

function signal(tone) {
  navigator.vibrate?.(SHAKES[tone]);
  if (!loud || !window.AudioContext) return;
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
  let at = audio.currentTime + 0.02;
  for (const [pitch, length] of MELODIES[tone]) {
    const voice = audio.createOscillator();
    const volume = audio.createGain();
    voice.type = tone === "stop" ? "square" : "sine";
    voice.frequency.value = pitch;
    volume.gain.setValueAtTime(tone === "stop" ? 0.15 : 0.3, at);
    volume.gain.linearRampToValueAtTime(0, at + length);
    voice.connect(volume).connect(audio.destination);
    voice.start(at);
    voice.stop(at + length);
    at += length + 0.06;
  }
}

// randomUUID exists on https only; an office's own network may be plain http.
// Letters only: one or two in a thousand hexadecimal ones hold sixteen digits in a row, and would be taken for a NIK.
function newNonce() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15))).join("");
}

// A scanner types wherever the focus is: bring it home before the first character arrives.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return clear();
  const plain = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.altKey && !event.metaKey;
  if (plain && !event.target.closest("input, select, textarea")) field.focus();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("a, button, input, select, textarea, label, summary")) field.focus();
});
addEventListener("focus", () => {
  if (document.activeElement === document.body) field.focus();
});

root.querySelector("[data-close]").addEventListener("click", (event) => {
  event.preventDefault();
  clear();
});

function setLoud(on) {
  loud = on;
  soundButton.textContent = on ? soundButton.dataset.on : soundButton.dataset.off;
  soundButton.hidden = false;
}

setLoud(localStorage.getItem("scan-sound") !== "off");
soundButton.addEventListener("click", () => {
  setLoud(!loud);
  localStorage.setItem("scan-sound", loud ? "on" : "off");
  field.focus();
});

if (TONES.some((tone) => document.body.classList.contains(`scanning--${tone}`))) field.focus();
