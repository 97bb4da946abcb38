"""The WSGI entry: `gunicorn wsgi:app`."""

from config import load_settings
from lexheller.app.bell import celery_bell
from lexheller.app.factory import create_app

settings = load_settings()
app = create_app(settings, ring=celery_bell(settings.redis_url))
