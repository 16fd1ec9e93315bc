// While a closure is being carried out, its page tells how far it is; when all is done it is shown anew.

const EVERY = 2_000; // ms
const progress = document.querySelector("[data-progress]");

async function look() {
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
      const page = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page && page.querySelector("[data-progress]");
      if (page && !now) return location.reload();
      if (now && now.textContent !== progress.textContent) progress.replaceChildren(...now.childNodes);
    } catch {
      // No network for a moment: the link beside it still leads to the page.
    }
  }
  setTimeout(look, EVERY);
}

if (progress) setTimeout(look, EVERY);
