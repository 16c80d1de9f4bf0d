# ./publish.sh builds out/minilb; then: docker build -t minilb . (podman build --format docker keeps the HEALTHCHECK)
FROM scratch
COPY out/minilb /minilb
USER 65534:65534
EXPOSE 8080
HEALTHCHECK CMD ["/minilb", "health"]
ENTRYPOINT ["/minilb"]
