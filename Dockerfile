# One image for every role: `arena serve` (the default), `arena migrate`, any other `arena` command.
#
# Tags are exact versions. Whoever wants the very bytes adds the digest that his registry shows.

FROM node:24.21.0-bookworm-slim AS web
WORKDIR /build
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN ["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]
COPY web/build.mjs web/tsconfig.json ./
COPY web/src ./src
RUN ["npm", "run", "--silent", "build"]

FROM python:3.11.15-slim-bookworm AS packages
WORKDIR /build
COPY requirements/uv.txt requirements/run.txt ./
RUN ["python", "-m", "pip", "install", "--quiet", "--no-cache-dir", "--require-hashes", "-r", "uv.txt"]
RUN ["python", "-m", "venv", "--without-pip", "/opt/arena"]
RUN ["python", "-m", "uv", "pip", "install", "--quiet", "--no-cache", "--compile-bytecode", "--python", "/opt/arena/bin/python", "--require-hashes", "-r", "run.txt"]

FROM python:3.11.15-slim-bookworm
WORKDIR /srv/arena
ENV PATH=/opt/arena/bin:$PATH \
    PYTHONPATH=/srv/arena \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    ARENA_HOST=0.0.0.0 \
    ARENA_PORT=8000 \
    ARENA_VAR=/var/lib/arena \
    ARENA_LOG_FORMAT=json
COPY --from=packages /opt/arena /opt/arena
COPY LICENSE ./
COPY collab ./collab
COPY storage ./storage
COPY server ./server
COPY web ./web
COPY --from=web /build/dist ./web/dist
COPY --chmod=755 deploy/arena /usr/local/bin/arena
RUN ["python", "-m", "compileall", "-q", "collab", "storage", "server", "web"]
RUN ["install", "-d", "-o", "10001", "-g", "10001", "-m", "0750", "/var/lib/arena"]

USER 10001:10001
VOLUME ["/var/lib/arena"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["arena", "serve"]
