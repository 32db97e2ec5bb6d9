# One image for every service; docker-compose.yml says which one a container runs.
FROM node:24.21.0-bookworm-slim AS manifests
WORKDIR /heed
COPY . .
# Only what decides about dependencies is left, so that a change of code does not install them anew.
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /heed
COPY --from=manifests /heed ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-progress \
    --workspace=@heed/compliance --workspace=@heed/inbound-sms \
    --workspace=@heed/campaign --workspace=@heed/sequence --workspace=@heed/contacts --workspace=@heed/messages \
    --workspace=@heed/crm

FROM node:24.21.0-bookworm-slim
# The second keeps a prototype out of reach of whatever a request names "__proto__".
ENV NODE_ENV=production NODE_OPTIONS=--disable-proto=delete
WORKDIR /heed
COPY --from=dependencies /heed ./
COPY packages packages
COPY apps apps
COPY deploy deploy
RUN install --directory --owner=node --group=node /data
USER node
