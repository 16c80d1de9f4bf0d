# shellcheck shell=bash
# The image of the Dockerfile, run as a hardened container and by compose.yaml; images and containers live in a folder
# of each part.

scratch_container() {
  trap 'leave_container' EXIT
  start_backend
  build_image
  # shellcheck disable=SC2046
  in_podman run --detach --name minilb --read-only --cap-drop ALL --security-opt no-new-privileges \
    --network host --ulimit nofile=20000:20000 --ulimit nproc=4096:4096 \
    --log-driver k8s-file minilb $(balancer_arguments)
  balancer_serves
  holds_no_privilege "$(in_podman inspect --format '{{.State.Pid}}' minilb)"
  # By hand: podman's timer for it would need systemd. It is told nothing: the flags of process 1 say where to ask.
  in_podman healthcheck run minilb
  in_podman exec minilb /minilb status
  local code=0
  in_podman exec minilb /minilb health --admin "127.0.0.1:$(free_ports 1)" || code=$?
  [[ $code == 1 ]]
  in_podman kill --signal TERM minilb
  code=$(timeout 60 "${podman[@]}" wait minilb)
  in_podman logs minilb
  echo "exit code $code after SIGTERM"
  [[ $code == 0 ]]
}

# The image as the Dockerfile has it, of the published file, with all that it says of itself.
build_image() {
  local version revision
  version=$(sed -nE 's,.*<Version>(.*)</Version>.*,\1,p' Directory.Build.props)
  revision=$(git rev-parse HEAD)
  in_podman build --format docker --target published --tag minilb \
    --build-arg "REVISION=$revision" --build-arg SOURCE=https://minilb.example .
  in_podman inspect minilb | python3 -c '
import json, sys
version, revision = sys.argv[1:]
image = json.load(sys.stdin)[0]
print("image of", image["Size"], "bytes")
labels = {k.removeprefix("org.opencontainers.image."): v for k, v in image["Config"]["Labels"].items()}
assert labels["title"] == "MiniLB" and labels["description"] and labels["licenses"] == "MIT", labels
assert labels["version"] == version and labels["revision"] == revision, labels
assert labels["source"] == "https://minilb.example", labels
assert image["User"] == "65534:65534" and image["Config"]["StopSignal"] == "SIGTERM", image
assert list(image["Config"]["ExposedPorts"]) == ["8080/tcp"], image
assert image["Healthcheck"]["Test"] == ["CMD", "/minilb", "health"], image
assert image["Size"] < 30_000_000, image
' "$version" "$revision"
}

# compose.yaml as its users run it, in networks of its own. No image registry is asked: the sample backends are a
# stand-in by the same name.
composed_containers() {
  trap 'leave_composed' EXIT
  folder=$(mktemp -d)
  mkdir "$folder/sample"
  build_image
  build_sample
  compose up --detach --no-build
  eventually answers http://127.0.0.1:8080/health '"total":2,"alive":2'
  local answers
  answers=$(for _ in 1 2 3 4; do curl -fsS --max-time 5 http://127.0.0.1:8080/; done | sort | uniq -c)
  echo "$answers"
  [[ $(tr -s ' ' <<<"$answers") == $' 2 Hostname: one\n 2 Hostname: two' ]]
  in_podman healthcheck run compose_minilb_1
  compose stop --timeout 20 minilb
  in_podman logs compose_minilb_1
  [[ $(in_podman inspect --format '{{.State.ExitCode}}' compose_minilb_1) == 0 ]]
}

build_sample() {
  cp "$(command -v busybox)" "$folder/sample/busybox"
  cat >"$folder/sample/index.cgi" <<'END'
#!/bin/sh
printf 'Content-Type: text/plain\r\n\r\nHostname: %s\n' "$(hostname)"
END
  chmod 755 "$folder/sample/index.cgi"
  echo ok >"$folder/sample/health"
  in_podman build --tag docker.io/traefik/whoami:v1.11.0 --file - "$folder/sample" <<'END'
FROM scratch
COPY busybox /bin/sh
COPY busybox /bin/hostname
COPY busybox /bin/busybox
COPY index.cgi /www/cgi-bin/index.cgi
COPY health /www/health
STOPSIGNAL SIGKILL
ENTRYPOINT ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]
END
}

# podman-compose wants one program by the name of podman.
compose() {
  cat >"$folder/containers.conf" <<END
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]
[network]
network_backend = "netavark"
network_config_dir = "$folder/networks"
END
  cat >"$folder/podman" <<END
#!/usr/bin/env bash
export CONTAINERS_CONF=$folder/containers.conf
exec ${podman[@]} "\$@"
END
  chmod 755 "$folder/podman"
  timeout 120 podman-compose --podman-path "$folder/podman" --file deploy/compose/compose.yaml "$@"
}

leave_composed() {
  set +e
  if [[ -n $folder ]]; then
    compose down --timeout 2
    "$folder/podman" network rm --force compose_default
    rm -rf "$folder"
  fi
}

in_podman() {
  podman=(podman --root "$folder/storage" --runroot "$folder/runroot" --tmpdir "$folder/tmp"
    --storage-driver vfs --runtime runc --cgroup-manager cgroupfs --events-backend file)
  "${podman[@]}" "$@"
}

leave_container() {
  set +e
  if [[ -n $folder ]]; then
    in_podman logs minilb
    in_podman rm --force --time 2 minilb
  fi
  stop_backend
}
