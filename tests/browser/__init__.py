"""The product in a real browser, on a running installation: web server, worker, beat, Redis, mails in a folder."""
