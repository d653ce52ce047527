FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv --without-pip /opt/genjin
# Libraries first: they are fetched again only when these two files change. The lock file also holds what only tests
# need: it constrains the versions, the project says what is needed.
COPY requirements.lock pyproject.toml ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > needed.txt \
    && pip --python /opt/genjin install --no-cache-dir --constraint requirements.lock --requirement needed.txt
COPY README.md LICENSE NOTICE ./
COPY bot bot
COPY cards cards
COPY config config
COPY crm crm
COPY handlers handlers
COPY nlu nlu
COPY sandbox sandbox
COPY scheduler scheduler
COPY store store
RUN pip --python /opt/genjin install --no-cache-dir --no-deps .

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
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['GENJIN_PORT']}/healthz\", timeout=4)"]
CMD ["genjin", "serve"]
