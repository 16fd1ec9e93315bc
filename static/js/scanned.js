// What a scanner has typed, read back to what stood in the code: the twin of domain/scanners.py, which says why. A test
// compares the two.

const ALPHABET = /^[0-9A-HJKMNP-TV-Z]+$/;
const TOKEN = 34;
const CODE = 8;
const LONGEST = 200;
const AIM_PREFIX = /^[\]+$*)][A-Za-z]\S/;

const layout = (us, shown) => Array.from(us, (here, place) => [Array.from(shown)[place], here]);
const swapped = (pairs) => Array.from(pairs, (one, place) => [one, pairs[place ^ 1]]);
const table = (...parts) => new Map(parts.flat());
const LAYOUTS = {
  plain: table(),
  qwertz: table(swapped("yzYZ"), layout("1234567890", '!"§$%&/()=')),
  azerty: table(
    swapped("aqzwAQZW"),
    layout("1234567890mM", "&é\"'(-è_çà,?"),
    layout("68", "§!"),
    layout("2790", "ÉÈÇÀ"),
  ),
  from_azerty: table(swapped("aqzwAQZW"), layout("1234567890mM", "!@#$%^&*();:")),
  czech: table(swapped("yzYZ"), layout("1234567890", "+ěščřžýáíé"), layout("234567890", "ĚŠČŘŽÝÁÍÉ")),
};

// The dashes that telephones make of one, and a dot.
const BETWEEN = /[-. \u2010-\u2014\u2212]/g;
const plain = (text) =>
  text.normalize("NFKC").trim().toUpperCase().replace(BETWEEN, "").replace(/O/g, "0").replace(/[IL]/g, "1");

// Of each layout its name and the text as it was meant there.
export function inEachLayout(typed) {
  const text = Array.from(typed).slice(0, LONGEST);
  const asMeant = (shown) => plain(text.map((one) => shown.get(one) ?? one).join(""));
  return Object.entries(LAYOUTS).map(([name, shown]) => [name, asMeant(shown)]);
}

// Whatever may be a ticket's token, the likeliest first.
export function tokenReadings(typed) {
  const found = new Set();
  for (const [, text] of inEachLayout(typed)) {
    for (let start = text.length - TOKEN; start >= 0; start -= 1) {
      const reading = text.slice(start, start + TOKEN);
      if (ALPHABET.test(reading)) found.add(reading);
    }
  }
  return [...found];
}

// The booking code; null where there is none, or more than one.
export function scannedCode(typed) {
  const readings = inEachLayout(typed.trim().replace(AIM_PREFIX, "")).map(([, text]) => text);
  const isCode = (text) => text.length === CODE && ALPHABET.test(text);
  if (isCode(readings[0])) return readings[0];
  const others = new Set(readings.filter(isCode));
  return others.size === 1 ? [...others][0] : null;
}
