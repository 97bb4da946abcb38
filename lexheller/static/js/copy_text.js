// Shows a copy button where the browser can copy, and says when it has.
"use strict";

(() => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy-from]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copyFrom);
      const said = button.parentElement.querySelector("[role=status]");
      try {
        await navigator.clipboard.writeText(source.innerText.trim());
        said.textContent = button.dataset.copied;
      } catch {
        window.getSelection().selectAllChildren(source);
      }
    });
  }
})();
