// Says a call from bundled clips: chime, "nomor antrean", letter, digits, "silakan menuju loket", number. Nothing comes
// from the internet, and a clip that is missing leaves only itself out.

const GAP = 0.06; // seconds between clips
const GRACE = 1_000; // ms in which a browser starts the sound by itself, if it may
const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];
const COUNTERS = {
  id: (number) => {
    if (number < 10) return [`${number}`];
    if (number < 20) return { 10: ["ten"], 11: ["eleven"] }[number] ?? [`${number - 10}`, "teen"];
    return [`${Math.floor(number / 10)}`, "tens", ...(number % 10 ? [`${number % 10}`] : [])];
  },
  en: (number) => {
    if (number < 20) return [`${number}`];
    return [`${Math.floor(number / 10) * 10}`, ...(number % 10 ? [`${number % 10}`] : [])];
  },
};

export function clipsOf(call, language) {
  const signs = [...call.number.replace("-", "").toLowerCase()];
  return ["number", ...signs, "counter", ...COUNTERS[language](call.counter)].map((name) => `${language}/${name}`);
}

// All that can ever be said.
function vocabulary(language) {
  const counters = Array.from({ length: 99 }, (_, index) => COUNTERS[language](index + 1)).flat();
  const names = new Set(["number", "counter", "0", ...counters, ...LETTERS]);
  return [...names].map((name) => `${language}/${name}`);
}

export class Speaker {
  // `languages`: none for a display without sound.
  constructor(folder, languages) {
    this.folder = folder;
    this.languages = languages;
    this.clips = new Map();
    this.context = languages.length && window.AudioContext ? new AudioContext() : null;
    this.onchange = () => {}; // told whether the browser keeps the sound from being heard
    if (!this.context) return;
    this.context.addEventListener("statechange", () => this.tell());
    setTimeout(() => this.tell(), GRACE);
    this.prepare();
  }

  get isHeard() {
    return this.context?.state === "running";
  }

  tell() {
    this.onchange(!this.isHeard);
  }

  wake() {
    return this.context?.resume();
  }

  // While the network is there: a call must not wait for it.
  async prepare() {
    for (const name of ["chime", ...this.languages.flatMap(vocabulary)]) await this.load(name);
  }

  async call(call) {
    const names = ["chime", ...this.languages.flatMap((language) => clipsOf(call, language))];
    document.dispatchEvent(new CustomEvent("announced", { detail: this.languages.length ? names : [] }));
    if (!this.isHeard) return;
    const buffers = (await Promise.all(names.map((name) => this.load(name)))).filter(Boolean);
    let at = this.context.currentTime + GAP;
    for (const buffer of buffers) {
      const source = this.context.createBufferSource();
      source.buffer = buffer;
      source.connect(this.context.destination);
      source.start(at);
      at += buffer.duration + GAP;
    }
    await new Promise((resolve) => setTimeout(resolve, (at - this.context.currentTime) * 1_000));
  }

  async load(name) {
    if (!this.clips.has(name)) {
      const answer = await fetch(`${this.folder}${name}.mp3`).catch(() => null);
      const bytes = answer?.ok ? await answer.arrayBuffer() : null;
      const buffer = bytes ? await this.context.decodeAudioData(bytes).catch(() => null) : null;
      if (!buffer) return null; // tried again with the next call
      this.clips.set(name, buffer);
    }
    return this.clips.get(name);
  }
}
