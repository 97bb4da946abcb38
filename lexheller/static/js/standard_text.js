// Puts a standard text into its field, after what has been written. Without this file its link opens the page anew.
"use strict";

(() => {
  for (const link of document.querySelectorAll("a[data-insert-into]")) {
    const field = document.getElementById(link.dataset.insertInto);
    if (!field) continue;
    const choice = document.createElement("button");
    choice.type = "button";
    choice.className = link.className;
    choice.textContent = link.textContent;
    choice.addEventListener("click", () => {
      const written = field.value.trimEnd();
      field.value = written ? `${written}\n\n${link.dataset.text}` : link.dataset.text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
    link.replaceWith(choice);
  }
})();
