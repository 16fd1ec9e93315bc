// What this browser keeps for the time without a connection: in IndexedDB, sealed with AES-GCM under keys that no
// script can read out. Two keys: that of the day's lists goes with them, that of what is still to be sent stays until
// it is sent.

const NAME = "hall";
const LISTS = "lists";
const UNSENT = "queue"; // so in devices that are in use: another name would lose what they still have to send
const KEYS = "keys";
let opening;

// Browsers give all of this to secure addresses only; elsewhere pages behave as if there were no such thing.
export const possible = Boolean(
  window.isSecureContext && window.indexedDB && window.crypto?.subtle && navigator.serviceWorker,
);

// The day's list of that name; null when there is none.
export async function readList(name) {
  return unseal(LISTS, await ask(LISTS, "readonly", (store) => store.get(name)));
}

export async function keepList(name, list) {
  const sealed = await seal(LISTS, list);
  await ask(LISTS, "readwrite", (store) => store.put(sealed, name));
}

export async function forgetLists() {
  await ask(LISTS, "readwrite", (store) => store.clear());
  await ask(KEYS, "readwrite", (store) => store.delete(LISTS));
}

export async function append(entry) {
  const sealed = await seal(UNSENT, entry);
  return ask(UNSENT, "readwrite", (store) => store.add(sealed));
}

export async function replace(place, entry) {
  const sealed = await seal(UNSENT, entry);
  await ask(UNSENT, "readwrite", (store) => store.put(sealed, place));
}

export async function remove(place) {
  await ask(UNSENT, "readwrite", (store) => store.delete(place));
}

// Everything that is still to be sent, in order: pairs of place and entry.
export async function unsent() {
  const places = await ask(UNSENT, "readonly", (store) => store.getAllKeys());
  const found = [];
  for (const place of places) {
    const entry = await unseal(UNSENT, await ask(UNSENT, "readonly", (store) => store.get(place)));
    if (entry) found.push([place, entry]); // else another page has sent it meanwhile
  }
  return found;
}

async function seal(keyName, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(keyName), plain) };
}

async function unseal(keyName, sealed) {
  if (!sealed) return null;
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, await keyOf(keyName), sealed.data);
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return null; // sealed under a key that was dropped
  }
}

async function keyOf(name) {
  const found = await ask(KEYS, "readonly", (store) => store.get(name));
  if (found) return found;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  try {
    await ask(KEYS, "readwrite", (store) => store.add(made, name));
    return made;
  } catch {
    return ask(KEYS, "readonly", (store) => store.get(name)); // another page was faster
  }
}

async function ask(store, mode, request) {
  const database = await (opening ??= open());
  const asked = request(database.transaction(store, mode).objectStore(store));
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

function open() {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore(LISTS);
    asked.result.createObjectStore(KEYS);
    asked.result.createObjectStore(UNSENT, { autoIncrement: true });
  };
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
