# Signal in one image. Built in two steps, so that what runs has neither sources nor development packages.
FROM node:22-slim AS build
WORKDIR /signal
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:22-slim
# RocksDB's binding needs libatomic, which slim images lack.
RUN apt-get update && apt-get install -y --no-install-recommends libatomic1 && rm -rf /var/lib/apt/lists/*
WORKDIR /signal
COPY --from=build /signal/package.json ./
COPY --from=build /signal/node_modules ./node_modules
COPY --from=build /signal/dist ./dist
RUN mkdir /data && chown node /data
USER node
ENV NODE_ENV=production SIGNAL_DATA_DIR=/data
VOLUME /data
EXPOSE 8080 8084
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["start"]
