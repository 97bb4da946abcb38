// Back from signing in elsewhere: the page has one form and nothing to choose, so it is sent by itself.
"use strict";
document.querySelector("form[data-send-at-once]")?.requestSubmit();
