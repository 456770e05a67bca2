# Node 24: Express costs a third there of what it costs on Node 20, the oldest that we support.
FROM node:24-bookworm-slim AS build
WORKDIR /parvis
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production DATA_DIR=/var/lib/parvis
WORKDIR /parvis
RUN mkdir -p /var/lib/parvis && chown node:node /var/lib/parvis
COPY --from=build /parvis/package.json ./
COPY --from=build /parvis/node_modules node_modules
COPY --from=build /parvis/dist dist
# For `npm run world` and the other commands, which read the sources.
COPY --from=build /parvis/tsconfig.json ./
COPY --from=build /parvis/src src
COPY --from=build /parvis/seeds seeds
COPY --from=build /parvis/migrations migrations
COPY --from=build /parvis/views views
COPY --from=build /parvis/public public
USER node
VOLUME /var/lib/parvis
EXPOSE 3000
# No npm in between: signals reach the server, which stops cleanly.
CMD ["node", "--max-semi-space-size=16", "dist/src/server.js"]
