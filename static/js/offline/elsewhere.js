// In place of a page that needs the server: leads to those that do not, and to the page itself as soon as there is a
// connection.

import { pruneLinks } from "./shells.js";

const PROBE = 4_000; // ms

async function look() {
  const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(5_000) }).catch(() => null);
  if (answer?.ok) return location.reload();
  setTimeout(look, PROBE);
}

pruneLinks();
setTimeout(look, PROBE);
