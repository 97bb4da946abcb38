// A double click sends a form once. The button is marked, never disabled, so its name and value still travel; the mark
// goes away when the page is shown again or when an answer is long in coming.
"use strict";

(() => {
  const TRY_AGAIN_AFTER_MS = 15000;

  const release = (form) => {
    delete form.dataset.sending;
    for (const button of form.querySelectorAll("[type=submit]")) button.removeAttribute("aria-disabled");
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "yes";
    for (const button of form.querySelectorAll("[type=submit]")) button.setAttribute("aria-disabled", "true");
    window.setTimeout(() => release(form), TRY_AGAIN_AFTER_MS);
  });

  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sending]").forEach(release);
  });
})();
