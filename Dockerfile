# One image for web, worker, beat and the migrations; compose.yaml says which of them a container is.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --create-home --uid 10001 lexheller && install -d -o lexheller -m 0700 /data
WORKDIR /app

COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt

COPY pyproject.toml requirements.in README.md config.py wsgi.py ./
COPY lexheller lexheller
COPY worker worker
COPY templates templates
COPY migrations migrations
RUN pip install --no-deps --no-build-isolation -e . \
    && if [ -d lexheller/translations ]; then pybabel compile -d lexheller/translations; fi

USER lexheller
ENV LEXHELLER_ENV=production LEXHELLER_DATA=/data
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["gunicorn", "wsgi:app", "--worker-class", "gthread", "--workers", "2", "--threads", "8", \
     "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
