// The sound and the vibration of an answer, and the button that makes it silent.

// Different in rhythm and height, so that nobody has to look: one high, two middle, three low.
const MELODIES = { ok: [[880, 0.12]], wait: [[587, 0.14], [587, 0.14]], stop: [[220, 0.18], [220, 0.18], [165, 0.3]] };
const SHAKES = { ok: [80], wait: [80, 80, 80], stop: [250, 100, 250] };
let audio;
let loud = true;

export function signal(tone) {
  // A browser lets nobody shake a device that was not touched yet, and complains.
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(SHAKES[tone]);
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

export function soundSwitch(button, focus) {
  const set = (on) => {
    loud = on;
    button.textContent = on ? button.dataset.on : button.dataset.off;
    button.hidden = false;
  };
  set(localStorage.getItem("scan-sound") !== "off");
  button.addEventListener("click", () => {
    set(!loud);
    localStorage.setItem("scan-sound", loud ? "on" : "off");
    focus();
  });
}
