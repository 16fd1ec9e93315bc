// The hall's clock is the server's, whatever the device on the wall believes: by the server people are late or not.

const OFFSET = "hall-clock-offset"; // ms; how far the device's clock was off when the server was heard last

let heard = null; // what the server said, and when by a clock that nobody sets

export function hear(serverTime) {
  if (!serverTime) return; // of a program from before this
  heard = { serverTime, at: performance.now() };
  try {
    localStorage.setItem(OFFSET, serverTime - Date.now());
  } catch {
    // A browser that keeps nothing.
  }
}

// In ms, as Date.now(). A display that was switched on without a connection goes by its own clock, set right.
export function time() {
  return heard ? heard.serverTime + performance.now() - heard.at : Date.now() + storedOffset();
}

function storedOffset() {
  try {
    return Number(localStorage.getItem(OFFSET));
  } catch {
    return 0;
  }
}
