// Watches through the camera for tickets. Loaded when the camera is switched on.

import { makeReader } from "./code-reader.js";

const PERIOD = 125; // ms: eight pictures a second
const AWAY = 3_000; // ms out of view after which the same ticket counts as shown again
const REASONS = { NotAllowedError: "denied", SecurityError: "denied", NotReadableError: "busy", AbortError: "busy" };

// Calls `found` with each code that comes into view and `ended` when the camera goes away; gives a function that stops.
// Throws an Error whose message is one of: insecure, denied, missing, busy, reader.
export async function watch(video, found, ended) {
  if (!navigator.mediaDevices?.getUserMedia) throw new Error("insecure");
  const reader = makeReader().catch(() => null); // loads while the question for permission is open
  const stream = await open();
  const read = await reader;
  const stop = () => {
    watching = false;
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
  let watching = true;
  if (!read) {
    stop();
    throw new Error("reader");
  }
  video.srcObject = stream;
  await video.play().catch(() => {}); // plays as soon as the page may
  stream.getVideoTracks()[0].addEventListener("ended", () => watching && (stop(), ended()));

  const seen = new Map();
  const look = async () => {
    if (!watching) return;
    const began = performance.now();
    if (!document.hidden && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      const code = await read(video).catch(() => "");
      if (watching && code) notice(code, seen, found);
    }
    const took = performance.now() - began;
    setTimeout(look, Math.max(PERIOD - took, took)); // a slow machine keeps half of its time for the rest of the page
  };
  look();
  return stop;
}

async function open() {
  const wanted = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
  try {
    return await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  } catch (problem) {
    throw new Error(REASONS[problem.name] ?? "missing");
  }
}

function notice(code, seen, found) {
  const now = performance.now();
  const last = seen.get(code) ?? -Infinity;
  seen.set(code, now);
  if (now - last > AWAY) found(code);
}
