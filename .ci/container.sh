# shellcheck shell=bash
# The image of the Dockerfile, run as a hardened container; images and containers live in a folder of this part.

scratch_container() {
  trap 'leave_container' EXIT
  start_backend
  in_podman build --format docker --tag minilb:checked .
  # The health check is run by hand below: podman's timer for it would need systemd.
  # shellcheck disable=SC2046
  in_podman run --detach --name minilb --read-only --cap-drop ALL --security-opt no-new-privileges \
    --network host --ulimit nofile=20000:20000 --ulimit nproc=4096:4096 \
    --log-driver k8s-file --no-healthcheck minilb:checked $(balancer_arguments)
  balancer_serves
  holds_no_privilege "$(in_podman inspect --format '{{.State.Pid}}' minilb)"
  in_podman exec minilb /minilb health --url "$(ready_url)"
  in_podman kill --signal TERM minilb
  local code
  code=$(timeout 60 "${podman[@]}" wait minilb)
  in_podman logs minilb
  echo "exit code $code after SIGTERM"
  [[ $code == 0 ]]
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
