"""Headers on every answer: security (P21), caching, compression. Nothing inline, nothing from other hosts."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_compress import Compress

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)

# What a browser can do and no page of ours asks for.
UNUSED_FEATURES = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES),
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}


def install(app: Flask) -> None:
    """Pages are never stored by caches; static files may be, and are compressed.

    Pages are not compressed: their length must tell nothing of the tokens in them (the BREACH attack).
    """
    app.config["COMPRESS_MIMETYPES"] = ["text/css", "text/javascript", "application/javascript", "image/svg+xml"]
    app.config["COMPRESS_ALGORITHM"] = ["gzip"]
    app.config["COMPRESS_ALGORITHM_STREAMING"] = ["br", "gzip"]  # files are streamed
    Compress(app)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint == "static" and response.status_code in {200, 304}:
            response.headers["Cache-Control"] = "public, max-age=3600"
        else:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
