// Keeps an unsent report in this browser, so that a lost connection or a closed tab costs nothing.
// The draft never leaves the browser. It goes away on the receipt page, on "start over", or when its hours are up.
// The submission id is kept with it, so that sending twice is the same report; the CSRF token is not,
// nor is "I have looked", which is said of the text that was shown.
"use strict";

(() => {
  const PREFIX = "lexheller-draft:";
  const SAVE_AFTER_MS = 300;
  const HOUR_MS = 3600000;
  const FRESH_EACH_TIME = ["csrf_token", "looked"];

  // Browsers may refuse storage altogether (private windows, policies); then there is simply no draft.
  const storage = (() => {
    try {
      const store = window.localStorage;
      store.getItem(PREFIX);
      return store;
    } catch {
      return null;
    }
  })();

  const [navigation] = performance.getEntriesByType("navigation");
  const cameBack = navigation !== undefined && navigation.type === "back_forward";

  const read = (key) => {
    try {
      return JSON.parse(storage.getItem(key));
    } catch {
      return null;
    }
  };

  const dropExpired = () => {
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
    for (const key of keys) {
      if (!key.startsWith(PREFIX)) continue;
      const draft = read(key);
      if (!draft || !(draft.expiresAt > Date.now())) storage.removeItem(key);
    }
  };

  const keptFields = (form) =>
    Array.from(form.elements).filter(
      (field) => field.name && !FRESH_EACH_TIME.includes(field.name) && !["submit", "button"].includes(field.type),
    );

  const isHidden = (field) => field.type === "hidden";
  const isTick = (field) => field.type === "checkbox" || field.type === "radio";

  // A box is kept as ticked or not: who asked to stay unknown must not have to remember to ask again.
  const collect = (form) => {
    const values = {};
    for (const field of keptFields(form)) {
      if (field.type === "checkbox") values[field.name] = field.checked;
      else if (!isTick(field)) values[field.name] = field.value;
    }
    return values;
  };

  const isChanged = (field) => {
    if (field.type === "checkbox") return field.checked !== field.defaultChecked;
    return !isHidden(field) && !isTick(field) && field.value !== startValue(field);
  };

  const isWrittenIn = (form) => keptFields(form).some(isChanged);

  const startValue = (field) => {
    if (field.tagName !== "SELECT") return field.defaultValue;
    const chosen = Array.from(field.options).find((option) => option.defaultSelected);
    return (chosen || field.options[0] || { value: "" }).value;
  };

  const putBack = (form, values) => {
    for (const field of keptFields(form)) {
      if (field.type === "checkbox" && typeof values[field.name] === "boolean") field.checked = values[field.name];
      if (isTick(field) || !(field.name in values)) continue;
      const before = field.value;
      field.value = values[field.name];
      if (field.tagName === "SELECT" && field.selectedIndex === -1) field.value = before;
    }
    document.dispatchEvent(new Event("lexheller:restored"));
  };

  const keep = (form) => {
    const key = PREFIX + form.dataset.draftKey;
    const life = Number(form.dataset.draftHours || 24) * HOUR_MS;
    const found = document.querySelector("[data-draft-found]");
    const submissionId = form.elements.namedItem("submission_id");
    const ownId = submissionId ? submissionId.value : "";
    let waiting = 0;
    let dirty = false;

    const save = () => {
      window.clearTimeout(waiting);
      if (!dirty) return;
      dirty = false;
      try {
        if (isWrittenIn(form) || "draftSentBack" in form.dataset) {
          storage.setItem(key, JSON.stringify({ expiresAt: Date.now() + life, values: collect(form) }));
        } else {
          storage.removeItem(key);
        }
      } catch {
        // Full storage: the text still stands in the form.
      }
    };

    const later = () => {
      dirty = true;
      window.clearTimeout(waiting);
      waiting = window.setTimeout(save, SAVE_AFTER_MS);
    };

    const startOver = () => {
      storage.removeItem(key);
      dirty = false;
      form.reset();
      if (submissionId) submissionId.value = ownId;
      document.dispatchEvent(new Event("lexheller:restored"));
      found.hidden = true;
      const first = form.querySelector("textarea, input:not([type=hidden])");
      if (first) first.focus();
    };

    // A page the server sent back already holds the newest text; it wins over the draft.
    const draft = "draftSentBack" in form.dataset ? null : read(key);
    if (draft) {
      putBack(form, draft.values);
      if (found && isWrittenIn(form)) {
        found.hidden = false;
        found.querySelector("[data-draft-start-over]").addEventListener("click", startOver);
      }
    }

    // What the browser fills in by itself on the way back may be sent already; what was not sent is in the draft.
    window.addEventListener("pageshow", (event) => {
      if (!cameBack || event.persisted || "draftSentBack" in form.dataset || read(key)) return;
      form.reset();
      if (submissionId) submissionId.value = ownId;
    });
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    window.addEventListener("pagehide", save);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") save();
    });
    form.addEventListener("submit", save);
  };

  const mindTheConnection = (form) => {
    const offline = form.querySelector("[data-draft-offline]");
    const online = form.querySelector("[data-draft-online]");
    if (!offline || !online) return;
    form.addEventListener("submit", (event) => {
      if (navigator.onLine !== false) return;
      event.preventDefault();
      online.hidden = true;
      offline.hidden = false;
      offline.focus();
    });
    window.addEventListener("online", () => {
      if (offline.hidden) return;
      offline.hidden = true;
      online.hidden = false;
    });
  };

  if (storage) {
    dropExpired();
    for (const mark of document.querySelectorAll("[data-clear-draft]")) {
      storage.removeItem(PREFIX + mark.dataset.clearDraft);
    }
  }
  for (const form of document.querySelectorAll("form[data-draft-key]")) {
    if (storage) keep(form);
    mindTheConnection(form);
  }
})();
