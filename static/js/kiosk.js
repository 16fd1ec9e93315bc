// The kiosk: keys on the screen, the scanner wherever the focus is, and back to the start when nobody is there.
// Without this the forms work with a keyboard, and the pages return by themselves after a longer time.

const root = document.querySelector("[data-kiosk]");
const { kiosk: stay, home } = root.dataset;
const field = root.querySelector("[data-field]");
const form = root.querySelector("[data-form]");
const nextScan = root.querySelector("[data-next-scan]");
const RENEW = 30 * 60_000; // ms that the start page stands: its form token grows old
const LANGUAGE_STAYS = 60_000; // ms until the start page speaks Indonesian again
const WARN = 10; // seconds of countdown
const SCAN_PAUSE = 2_000; // ms between two characters of one scan, at most
const KEYS = { digits: "123456789", code: "1234567890ABCDEFGHJKMNPQRSTVWXYZ" }; // of codes: no I, L, O, U

const leave = () => location.replace(home);

// Whatever the browser kept of a page belongs to somebody who has gone.
addEventListener("pageshow", (event) => {
  if (event.persisted) leave();
});
addEventListener("pagehide", () => {
  if (field) field.value = "";
});
addEventListener("contextmenu", (event) => event.preventDefault()); // a long touch

if (stay === "start") {
  const other = document.documentElement.lang !== "id";
  setTimeout(leave, other ? LANGUAGE_STAYS : RENEW);
}
if (stay === "step" || stay === "result") watch(Number(root.dataset.seconds));
if (field) prepareField();
if (nextScan) listen();

function watch(seconds) {
  const countdown = root.querySelector("[data-countdown]");
  const left = countdown?.querySelector("[data-left]");
  const isDialog = countdown?.tagName === "DIALOG";
  let until;

  const stayOn = (event) => {
    until = Date.now() + seconds * 1000;
    // Its button closes it when it is let go of; else the finger would meet what lies behind.
    const pressing = event?.type === "pointerdown" && event.target.closest?.("[data-here]");
    if (isDialog && countdown.open && !pressing) {
      countdown.close();
      field?.focus();
    }
    show();
  };
  const show = () => {
    const remaining = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    if (left && left.textContent !== String(remaining)) left.textContent = remaining;
    if (countdown && !isDialog) countdown.hidden = false;
    if (isDialog && remaining <= WARN && !countdown.open) countdown.showModal();
    if (remaining === 0) leave();
  };
  for (const kind of ["pointerdown", "keydown", "wheel", "touchmove"]) {
    addEventListener(kind, stayOn, { passive: true, capture: true });
  }
  countdown?.querySelector("[data-here]").addEventListener("click", stayOn);
  stayOn();
  setInterval(show, 250);
}

function prepareField() {
  const reveal = root.querySelector("[data-reveal]");
  const count = root.querySelector("[data-count]");
  const pad = root.querySelector("[data-keys]");
  if (reveal) {
    // A text field without a password's extras: no browser offers to keep it.
    if (CSS.supports("-webkit-text-security", "disc")) {
      field.type = "text";
      field.classList.add("kiosk-field--masked");
    }
    reveal.hidden = false;
    reveal.addEventListener("click", () => {
      const shown = reveal.getAttribute("aria-pressed") !== "true";
      reveal.setAttribute("aria-pressed", shown);
      reveal.textContent = shown ? reveal.dataset.hide : reveal.dataset.show;
      if (field.classList.contains("kiosk-field--masked") || field.type === "text") {
        field.classList.toggle("kiosk-field--masked", !shown);
      }
      else field.type = shown ? "text" : "password";
      field.focus();
    });
  }
  field.addEventListener("input", () => {
    if (field.dataset.digits) field.value = field.value.replace(/\D/g, "").slice(0, field.dataset.digits);
    if (count) count.textContent = count.dataset.count.replace("{n}", field.value.length);
  });
  if (field.value) field.dispatchEvent(new Event("input"));
  if (pad) makeKeys(pad);
  field.inputMode = "none"; // the machine's own keyboard would cover ours
  field.focus();
  document.addEventListener("keydown", (event) => {
    const plain = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (plain) field.focus();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("a, button, input, label, dialog")) field.focus();
  });
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) return event.preventDefault();
    sent = true;
    const button = form.querySelector("button:not([type=button])");
    button.textContent = root.dataset.textWait;
    // Not disabled: the focus would be lost, and the second press is stopped above.
  });
}

function makeKeys(pad) {
  const change = (value) => {
    field.value = value;
    field.dispatchEvent(new Event("input"));
  };
  const key = (text, action, wide) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = wide ? "kiosk-key kiosk-key--wide" : "kiosk-key";
    button.textContent = text;
    button.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
    button.addEventListener("click", action);
    pad.append(button);
  };
  const typing = (character) => key(character, () => change(field.value + character));
  const remove = () => key(pad.dataset.delete, () => change(field.value.slice(0, -1)), true);
  const clear = () => key(pad.dataset.clear, () => change(""), true);
  for (const character of KEYS[pad.dataset.keys]) typing(character);
  if (pad.dataset.keys === "digits") {
    clear();
    typing("0");
    remove();
  } else {
    remove();
    clear();
  }
  pad.hidden = false;
}

// A scanner types on pages without a field too.
function listen() {
  let heard = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const now = Date.now();
    if (now - last > SCAN_PAUSE) heard = "";
    last = now;
    if (event.key === "Enter" && heard.length >= 8) {
      event.preventDefault();
      nextScan.elements.code.value = heard;
      nextScan.submit();
    } else if (/^[A-Za-z0-9-]$/.test(event.key)) heard += event.key;
  }, { capture: true });
}
