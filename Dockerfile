# syntax=docker/dockerfile:1
# Pages (Node), dependencies (pip) and the portal itself; only the last stage is what runs.

FROM node:24-bookworm-slim AS pages
WORKDIR /portal
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build

FROM python:3.13-slim-bookworm AS dependencies
COPY requirements/main.txt /tmp/main.txt
RUN python -m venv /venv && /venv/bin/python -m pip install --no-cache-dir --require-hashes -r /tmp/main.txt

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /portal --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /media
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BIND=0.0.0.0 PORT=8000 MEDIA_ROOT=/media
WORKDIR /portal
COPY --from=dependencies /venv /venv
COPY . .
COPY --from=pages /portal/static/build static/build
# The static files need no secret: they are collected with the demo's values, which stay out of the image's environment.
RUN DEMO=1 python manage.py collectstatic --noinput --verbosity 0
USER portal
VOLUME /media
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s --retries=3 CMD ["python", "-m", "helpdesk.probe"]
CMD ["python", "-m", "gunicorn", "--config", "helpdesk/gunicorn.py", "helpdesk.wsgi"]
