// The tickets that somebody has put on this device: at most a few, in the device alone. Each is
// { token, number, service, when }; a telephone without room or in private mode keeps none, and says nothing.

const SHELF = "tickets";
const MOST = 20;

export function onShelf() {
  try {
    const kept = JSON.parse(localStorage.getItem(SHELF) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => /^[0-9A-Za-z]{34}$/.test(one?.token)) : [];
  } catch {
    return [];
  }
}

export function put(ticket) {
  return store([ticket, ...onShelf().filter((one) => one.token !== ticket.token)].slice(0, MOST));
}

export function take(token) {
  return store(onShelf().filter((one) => one.token !== token));
}

function store(kept) {
  try {
    localStorage.setItem(SHELF, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}
