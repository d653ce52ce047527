FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock pyproject.toml README.md LICENSE NOTICE ./
RUN python -m venv /opt/genjin
# The lock file also holds what only tests need: it constrains the versions, the project says what is needed.
COPY bot bot
COPY cards cards
COPY config config
COPY crm crm
COPY handlers handlers
COPY nlu nlu
COPY sandbox sandbox
COPY scheduler scheduler
COPY store store
RUN /opt/genjin/bin/pip install --no-cache-dir --constraint requirements.lock .

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 genjin && mkdir /data && chown genjin /data
COPY --from=build /opt/genjin /opt/genjin
USER genjin
WORKDIR /data
VOLUME /data
ENV PATH=/opt/genjin/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    GENJIN_HOST=0.0.0.0 \
    GENJIN_PORT=8080 \
    GENJIN_DATABASE_URL=sqlite:////data/genjin.db
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['GENJIN_PORT']}/healthz\", timeout=4)"]
CMD ["genjin", "serve"]
