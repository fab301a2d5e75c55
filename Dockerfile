# One image for coordinator, workers, recommender and dashboard. Nothing is built: Node runs the sources. It runs as
# an ordinary user, and its root may be read-only; /tmp (the browser is unpacked there), /app/runs and /app/data are written.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force

FROM node:24-bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends libnss3 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY sandbox sandbox
COPY agents agents
COPY scenarios scenarios
COPY src src
RUN mkdir -p runs data && chown node:node runs data
USER node
ENTRYPOINT ["node", "src/cli.ts"]
CMD ["--help"]
