"""The real processes of the program (gunicorn, Celery worker, beat) on a real Redis, and what they do under faults."""
