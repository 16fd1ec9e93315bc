// Every page of staff: a ticket that was scanned is looked up, where the page does nothing else with it. What is half
// filled in is not thrown away for it: then somebody is asked.

import { newNonce } from "./offline/unsent.js";
import { onScan } from "./typed-scan.js";

const form = document.querySelector("form[data-typed-scan]");
const question = document.querySelector("[data-typed-scan-ask]");
let leaving = false;

function lookUp(code) {
  if (!form) return;
  const field = form.querySelector("[data-code]");
  const isItsRest = code !== field.value && code.startsWith(field.value);
  if (leaving && !isItsRest) return; // the answer to the first is on its way
  field.value = code;
  form.elements.nonce.value = newNonce();
  if ("atOnce" in form.dataset || !isHalfFilledIn()) form.requestSubmit();
  else question.hidden = false;
}

function isHalfFilledIn() {
  return [...document.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox]), textarea")].some(
    (field) => field.value !== field.defaultValue,
  );
}

if (document.querySelector("[data-typed-scan]")) onScan(lookUp);
addEventListener("pageshow", () => (leaving = false));
form?.addEventListener("submit", (event) => {
  event.stopPropagation(); // what a page does with its own forms
  leaving = true;
});
question?.querySelector("[data-stay]").addEventListener("click", () => (question.hidden = true));
