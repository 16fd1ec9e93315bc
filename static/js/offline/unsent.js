// Scans and presses that the server has not acknowledged yet, each with its nonce and its own time.

import { append, possible, replace, unsent } from "./store.js";

// randomUUID exists on https only; an office's own network may be plain http.
// Letters only: hexadecimal ones hold sixteen digits in a row now and then, and would be taken for a NIK.
export function newNonce() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15))).join("");
}

// `kind`: "scan" or "press", as they go to different addresses; `list`: whose office and time it was.
export async function keepEntry(kind, list, entry) {
  await append({ kind, office: list.office, at: new Date(list.now).toISOString(), ...entry });
}

export async function entriesOf(kind) {
  return possible ? (await unsent()).filter(([, entry]) => entry.kind === kind && !entry.refused) : [];
}

// Of both kinds: what the server did not take. It is kept until somebody has read why.
export async function refusedEntries() {
  return possible ? (await unsent()).filter(([, entry]) => entry.refused) : [];
}

// The tickets that this device has let in and not taken back.
export async function lettingIn() {
  const entries = (await entriesOf("scan")).map(([, entry]) => entry);
  return new Set(entries.filter((entry) => !entry.withdrawn_at).flatMap((entry) => entry.admitted));
}

// Takes an unsent scan back; false when it is not there any more.
export async function withdraw(nonce, list) {
  const found = (await entriesOf("scan")).find(([, entry]) => entry.nonce === nonce);
  if (!found) return false;
  const [place, entry] = found;
  await replace(place, { ...entry, admitted: [], withdrawn_at: new Date(list.now).toISOString() });
  return true;
}
