# docker build -t minilb .                                       from source: needs nothing but Docker
# ./publish.sh; docker build -t minilb --target published .      from the file that publish.sh has built
# podman build needs --format docker, or the HEALTHCHECK is lost. More: docs/containers.md
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0-noble

# All of the image but the file.
FROM scratch AS image
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="MiniLB" \
      org.opencontainers.image.description="An HTTP load balancer in one file" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
USER 65534:65534
EXPOSE 8080
STOPSIGNAL SIGTERM
# The command itself gives up after 20 s, as on a machine that is slow. It finds the admin address by the flags, environment and file of the instance.
HEALTHCHECK --interval=10s --timeout=25s --start-period=10s --retries=3 CMD ["/minilb", "health"]
ENTRYPOINT ["/minilb"]

FROM image AS published
ARG TARGETARCH
COPY out/minilb-$TARGETARCH /minilb

# Runs on the platform that it builds for, and publish.sh builds for the platform that it runs on.
FROM $SDK AS build
WORKDIR /source
COPY publish.sh global.json Directory.Build.props .editorconfig ./
COPY MiniLB MiniLB
RUN ./publish.sh --install

FROM image
COPY --from=build /source/out/minilb /minilb
