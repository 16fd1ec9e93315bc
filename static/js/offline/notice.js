// The sentence that says how the connection to the server is, and what is still to be sent.

const place = document.querySelector("[data-connection]");
const LEADING = ["refused", "corrected"]; // these are read on the page of offline work
const link = document.querySelector("[data-conflicts]");

// `text`: the name of one of the sentences in the page; `n` goes into it. Several are said one after the other.
export function say(...sentences) {
  if (!place) return;
  place.textContent = sentences
    .map(([name, n]) => (place.dataset[`text${name[0].toUpperCase()}${name.slice(1)}`] ?? "").replace("{n}", n ?? ""))
    .join(" ");
  place.hidden = !place.textContent;
  if (!sentences.some(([name]) => LEADING.includes(name))) return;
  const more = document.createElement("a");
  more.className = "govuk-link";
  more.href = place.dataset.url;
  more.textContent = place.dataset.textMore;
  place.append(" ", more);
}

export function showConflicts(count) {
  if (!link || count === null) return;
  link.hidden = count === 0;
  link.querySelector("[data-count]").textContent = count;
}
