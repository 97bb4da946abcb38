// Small comforts on every page: focus what needs attention, count characters, open the filters where there is room,
// open the fold that a link leads to.
// Everything works without this file.
"use strict";

(() => {
  const SHOW_COUNT_FROM = 0.8;

  const focusWhatNeedsAttention = () => {
    const target = document.querySelector("[data-focus-on-load]");
    if (target) target.focus();
  };

  const countCharacters = (counter) => {
    const field = document.getElementById(counter.dataset.countFor);
    const max = Number(counter.dataset.countMax);
    if (!field || !max) return;
    const update = () => {
      const used = Array.from(field.value).length;
      const left = max - used;
      counter.hidden = used < max * SHOW_COUNT_FROM;
      counter.classList.toggle("character-count--over", left < 0);
      const words = left < 0 ? counter.dataset.over : counter.dataset.left;
      counter.textContent = counter.hidden ? "" : `${Math.abs(left)} ${words}`;
    };
    field.addEventListener("input", update);
    document.addEventListener("lexheller:restored", update);
    update();
  };

  const openFiltersWhereThereIsRoom = () => {
    if (!window.matchMedia("(min-width: 48rem)").matches) return;
    for (const details of document.querySelectorAll("details[data-open-when-wide]")) details.open = true;
  };

  const openWhatIsLinkedTo = () => {
    const target = window.location.hash.length > 1 && document.getElementById(window.location.hash.slice(1));
    if (target && target.tagName === "DETAILS") target.open = true;
  };

  focusWhatNeedsAttention();
  openWhatIsLinkedTo();
  window.addEventListener("hashchange", openWhatIsLinkedTo);
  document.querySelectorAll("[data-count-for]").forEach(countCharacters);
  openFiltersWhereThereIsRoom();
})();
