// The queue by keyboard: j/k move between cases, o or Enter opens, x marks, / searches. And one box that marks them all.
// Nothing here is needed: links, boxes and buttons do the same. Keys never act while somebody writes, with a modifier
// held, or when they have been switched off.
"use strict";

(() => {
  const OFF = "lexheller:queue-keys-off";
  const rows = Array.from(document.querySelectorAll("[data-row]"));
  const boxes = rows.map((row) => row.querySelector("input[name=case]")).filter(Boolean);

  const remembered = () => {
    try {
      return window.localStorage.getItem(OFF) === "yes";
    } catch {
      return false;
    }
  };

  const remember = (off) => {
    try {
      window.localStorage.setItem(OFF, off ? "yes" : "no");
    } catch {
      // A browser that keeps nothing: the choice holds for this page.
    }
  };

  const offerMarkingAll = () => {
    const offer = document.querySelector("[data-mark-all]");
    if (!offer || !boxes.length) return;
    const all = offer.querySelector("input");
    const show = () => {
      const marked = boxes.filter((box) => box.checked).length;
      all.checked = marked === boxes.length;
      all.indeterminate = marked > 0 && marked < boxes.length;
    };
    offer.hidden = false;
    all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
    boxes.forEach((box) => box.addEventListener("change", show));
    window.addEventListener("pageshow", show);
    show();
  };

  const isWriting = (target) =>
    target instanceof Element &&
    (target.isContentEditable || target.closest("textarea, select, input:not([type=checkbox]):not([type=radio])"));

  const here = () => rows.findIndex((row) => row.contains(document.activeElement));
  const linkOf = (row) => row && row.querySelector("a[href]");

  const move = (by) => {
    const at = here();
    const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1);
    const link = linkOf(rows[next]);
    if (link) link.focus();
  };

  const open = () => {
    const link = linkOf(rows[here()]);
    if (link) link.click();
  };

  const mark = () => {
    const row = rows[here()];
    const box = row && row.querySelector("input[name=case]");
    if (box) box.click();
  };

  const search = () => {
    const field = document.getElementById("q");
    if (!field) return;
    const folded = field.closest("details");
    if (folded) folded.open = true;
    field.focus();
  };

  const KEYS = { j: () => move(1), k: () => move(-1), o: open, x: mark, "/": search };

  const listen = (isOff) => {
    document.addEventListener("keydown", (event) => {
      if (isOff() || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
      if (isWriting(event.target) || !Object.hasOwn(KEYS, event.key)) return;
      event.preventDefault();
      KEYS[event.key]();
    });
  };

  const showHelp = () => {
    const help = document.querySelector("[data-key-help]");
    if (!help) return () => true;
    const off = help.querySelector("[data-keys-off]");
    help.hidden = false;
    off.checked = remembered();
    off.addEventListener("change", () => remember(off.checked));
    return () => off.checked;
  };

  offerMarkingAll();
  if (rows.length) listen(showHelp());
})();
