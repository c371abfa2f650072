# syntax=docker/dockerfile:1
# One service: docker build --build-arg SERVICE=web .
# NODE may be pinned with its digest: --build-arg NODE=node:22-bookworm-slim@sha256:…
ARG NODE=node:22-bookworm-slim

# The compiler runs on the machine that builds, whatever the image is for.
FROM --platform=$BUILDPLATFORM ${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY platform platform
COPY charts charts
COPY certs certs
COPY demo-services demo-services
COPY scripts scripts
RUN npm run build && npm run build:page \
  && rm -r dist/demo-services/bench dist/demo-services/plots dist/demo-services/speech \
    dist/demo-services/traffic dist/demo-services/web/bench

# The packages are for the machine that runs: some hold compiled code. The `dependencies` of package.json are those of
# the services alone; what the platform, the page and the tests need is of development.
FROM ${NODE} AS packages
# `docker build --sbom=true` lists what this stage installs, too.
ARG BUILDKIT_SBOM_SCAN_STAGE=true
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm rebuild pulsar-client --ignore-scripts=false

FROM ${NODE}
ARG SERVICE
LABEL org.opencontainers.image.title="${SERVICE}" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.vendor="pulsar-platform-kit"
ENV NODE_ENV=production SERVICE=${SERVICE}
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/package.json package.json
COPY --from=build /app/dist/demo-services dist/demo-services
USER 10001:10001
EXPOSE 8443
# The shell gives way to the service, which gets the signals.
CMD ["sh", "-c", "exec node --enable-source-maps dist/demo-services/$SERVICE/main.js"]
