# tuban with GDAL compiled against Debian's, in one image: `serve`, `worker` and every other command. How to use it: docs/docker.md.
FROM node:20-bookworm AS build
WORKDIR /opt/tuban
RUN apt-get update \
  && apt-get install -y --no-install-recommends g++ make python3 libgdal-dev fontconfig fonts-noto-cjk \
  && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
COPY workers ./workers
RUN node scripts/setup/main.mjs \
  && npm prune --omit=dev \
  && rm -rf .tuban-setup

FROM node:20-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends libgdal32 fontconfig fonts-noto-cjk tini \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/tuban
COPY --from=build /opt/tuban/package.json ./package.json
COPY --from=build /opt/tuban/node_modules ./node_modules
COPY --from=build /opt/tuban/dist ./dist
RUN ln -s /opt/tuban/dist/src/cli/main.js /usr/local/bin/tuban \
  && mkdir /workspace \
  && chown node:node /workspace
USER node
VOLUME /workspace
WORKDIR /workspace
ENTRYPOINT ["tini", "--", "tuban"]
CMD ["--help"]
