// A search box over the units of a form: what does not fit is hidden, what is ticked never is.
// Without this file every organisation can still be unfolded.
"use strict";

(() => {
  for (const picker of document.querySelectorAll("[data-unit-picker]")) {
    const search = picker.querySelector("[data-unit-search]");
    const groups = [...picker.querySelectorAll("details")];
    if (!search || groups.length === 0) continue;
    search.closest("[hidden]").hidden = false;
    search.addEventListener("keydown", (pressed) => {
      if (pressed.key === "Enter") pressed.preventDefault();
    });
    search.addEventListener("input", () => {
      const wanted = search.value.trim().toLocaleLowerCase("sv");
      for (const group of groups) {
        const whole = group.querySelector("summary").textContent.toLocaleLowerCase("sv").includes(wanted);
        let shown = 0;
        for (const box of group.querySelectorAll(".checkbox")) {
          const fits = whole || box.textContent.toLocaleLowerCase("sv").includes(wanted);
          box.hidden = !fits && !box.querySelector("input").checked;
          shown += box.hidden ? 0 : 1;
        }
        group.hidden = shown === 0;
        group.open = wanted !== "" && shown > 0;
      }
    });
  }
})();
