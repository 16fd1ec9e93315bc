// Switches the camera on and off. What it needs is loaded with the first press; the choice is remembered.

const REMEMBERED = "scan-camera";

export function cameraSwitch(root, { found, focus }) {
  const button = root.querySelector("[data-camera-switch]");
  const box = root.querySelector("[data-camera]");
  const picture = root.querySelector("[data-camera-picture]");
  const said = root.querySelector("[data-camera-said]");
  let on = false;
  let turn = 0; // switched off and on again while it was still starting: only the last turn counts
  let stop = null;

  async function start() {
    const mine = (turn += 1);
    show(true);
    say("starting");
    try {
      const { watch } = await import("./camera.js").catch(() => Promise.reject(new Error("reader")));
      const stopThis = await watch(picture, found, () => fail("ended"));
      if (mine !== turn) return stopThis();
      stop = stopThis;
      picture.hidden = false;
      say("ready");
    } catch (problem) {
      if (mine === turn) fail(problem.message);
    }
  }

  function end() {
    turn += 1;
    stop?.();
    stop = null;
    show(false);
  }

  function fail(reason) {
    end();
    box.hidden = false; // with the reason, until the next press
    box.classList.add("scan-camera--failed");
    say(reason);
  }

  function show(isOn) {
    on = isOn;
    box.hidden = !isOn;
    box.classList.remove("scan-camera--failed");
    picture.hidden = true;
    button.textContent = isOn ? button.dataset.on : button.dataset.off;
  }

  function say(what) {
    said.textContent = box.dataset[`text${what[0].toUpperCase()}${what.slice(1)}`] ?? what;
  }

  button.addEventListener("click", () => {
    if (on) end();
    else start();
    localStorage.setItem(REMEMBERED, on ? "on" : "off");
    focus();
  });
  button.hidden = false;
  show(false);
  if (localStorage.getItem(REMEMBERED) === "on") start();
}
