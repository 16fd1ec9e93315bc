// The page on which staff try a scanner out: says what it typed, and keeps nothing of it.

import { inEachLayout, scannedCode, tokenReadings } from "./scanned.js";
import { onScan } from "./typed-scan.js";

const root = document.querySelector("[data-trial]");
const sample = root.dataset.trial;
const ENDS = { "\r": "cr", "\n": "lf", "\t": "tab", "": "none" };

function say(name, word, value = "") {
  const place = root.querySelector(`[data-found=${name}]`);
  for (const text of place.querySelectorAll("[data-when]")) text.hidden = text.dataset.when !== word;
  place.querySelector("[data-value]").textContent = value;
}

// Where the sample stands in what was typed, and in whose layout.
function find(typed, byPlace) {
  const [name, text] = inEachLayout(typed).find(([, each]) => each.includes(sample)) ?? [];
  if (text) return { layout: name === "plain" ? "same" : "known", before: text.indexOf(sample) };
  const place = byPlace.indexOf(sample);
  return place < 0 ? null : { layout: "place", before: place };
}

onScan((code, { typed, byPlace, end, pace, capsLock }) => {
  const sampled = find(typed, byPlace);
  const isTicket = !sampled && Boolean(tokenReadings(code).length || scannedCode(code));
  const verdict = sampled || isTicket ? (end ? (sampled ? "works" : "ticket") : "unended") : "fails";
  for (const text of root.querySelectorAll("[data-verdict]")) text.hidden = text.dataset.verdict !== verdict;
  say("text", sampled ? "sample" : isTicket ? "secret" : "other", sampled || isTicket ? "" : typed);
  say("prefix", sampled?.before ? "some" : "none", sampled?.before ? byPlace.slice(0, sampled.before) : "");
  say("end", ENDS[end]);
  say("layout", sampled?.layout ?? "unknown");
  say("caps", capsLock ? "on" : "off");
  say("pace", "ms", `${Math.round(pace)} ms`);
  root.querySelector("[data-found=layout]").parentElement.hidden = !sampled;
  root.querySelector("[data-found=prefix]").parentElement.hidden = !sampled;
  root.querySelector("[data-details]").hidden = false;
});
