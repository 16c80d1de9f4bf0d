# shellcheck shell=bash
# The static file in a group that is allowed 32 MiB of memory and half a processor, under more load than fits into it.

# Each load ends; what is refused is refused with an answer or by a close, and the process lives.
small_memory() {
  trap 'leave_group' EXIT
  start_limited_backend
  make_group memory "$((32 * 1024 * 1024))"
  start_in_group
  eventually answers "$(ready_url)" ""
  local url=http://127.0.0.1:$listen_port
  show_group "at rest"
  under_load "64 connections" -c 64 "$url/page.txt"
  under_load "1000 connections" -c 1000 "$url/page.txt"
  under_load "1 MiB down" -c 64 "$url/large.bin"
  under_load "1 MiB up" -c 64 -d "$folder/site/large.bin" "$url/upload"
  under_load "HTTP/2, 100 connections of 10 streams" --h2 -c 100 -m 10 "$url/page.txt"
  eventually answers "$url/page.txt" "$page"
  curl -fsS "http://127.0.0.1:$admin_port/metrics" | grep -E '^minilb_(process_resident|gc_heap|refusals_total.*[1-9]$)'
  stops_cleanly
  [[ $(killed_for_memory) == 0 ]]
}

# Half a processor: threads follow, probes and a stop come in time.
small_processor() {
  trap 'leave_group' EXIT
  start_limited_backend
  make_group cpu
  start_in_group
  eventually answers "$(ready_url)" ""
  under_load "64 connections" -c 64 "http://127.0.0.1:$listen_port/page.txt" &
  local loading=$!
  sleep 2
  "$PWD/out/minilb" health --url "$(ready_url)"
  answers "http://127.0.0.1:$listen_port/health" '"total":1,"alive":1'
  wait "$loading"
  local threads
  threads=$(awk '/^Threads:/ { print $2 }' "/proc/$balancer/status")
  echo "$threads threads"
  ((threads < 40))
  stops_cleanly
}

start_limited_backend() {
  balancer='' group=''
  folder=$(mktemp -d)
  page="a page of the backend, $RANDOM$RANDOM"
  read -r backend_port listen_port admin_port < <(free_ports 3)
  mkdir "$folder/site" "$folder/tmp"
  chmod 755 "$folder" "$folder/site"
  echo "$page" >"$folder/site/page.txt"
  head -c 1048576 /dev/urandom >"$folder/site/large.bin"
  cat >"$folder/nginx.conf" <<END
worker_processes 1; daemon off; pid $folder/nginx.pid; error_log $folder/nginx.log;
events { worker_connections 4000; }
http {
  access_log off; client_max_body_size 0; keepalive_requests 1000000;
  client_body_temp_path $folder/tmp/1; proxy_temp_path $folder/tmp/2; fastcgi_temp_path $folder/tmp/3;
  uwsgi_temp_path $folder/tmp/4; scgi_temp_path $folder/tmp/5;
  server {
    listen 127.0.0.1:$backend_port backlog=4096;
    root $folder/site;
    location /upload { client_max_body_size 0; return 200 "taken"; }
  }
}
END
  nginx -c "$folder/nginx.conf" -e "$folder/nginx.log" &
  backend=$!
  eventually curl -fsS -o /dev/null "http://127.0.0.1:$backend_port/page.txt"
}

make_group() { # memory bytes | cpu
  local kind=$1 bytes=${2:-}
  if [[ -d /sys/fs/cgroup/$kind ]]; then
    group=/sys/fs/cgroup/$kind/minilb-limits-$$
    mkdir "$group"
    if [[ $kind == memory ]]; then
      echo "$bytes" >"$group/memory.limit_in_bytes"
      echo "$bytes" >"$group/memory.memsw.limit_in_bytes" || true # where swap is accounted for
    else
      echo 100000 >"$group/cpu.cfs_period_us"
      echo 50000 >"$group/cpu.cfs_quota_us"
    fi
    return
  fi
  echo "+$kind" >/sys/fs/cgroup/cgroup.subtree_control || true # may be on already
  group=/sys/fs/cgroup/minilb-limits-$$
  mkdir "$group"
  if [[ $kind == memory ]]; then
    echo "$bytes" >"$group/memory.max"
    echo 0 >"$group/memory.swap.max" || true
  else
    echo "50000 100000" >"$group/cpu.max"
  fi
}

start_in_group() {
  # shellcheck disable=SC2046,SC2016
  bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group" \
    out/minilb $(balancer_arguments) --set "accessLog.path=$folder/access.log" &
  balancer=$!
}

under_load() { # name, h2load's arguments
  local name=$1 version=--h1
  shift
  if [[ $1 == --h2 ]]; then
    version=
    shift
  fi
  # shellcheck disable=SC2086
  timeout 30 h2load $version -t 1 -D 3 "$@" 2>&1 | grep -E '^(requests|status codes):' || true
  show_group "$name"
  ! has_ended "$balancer"
}

show_group() { # name
  local peak=$group/memory.peak
  [[ -e $peak ]] || peak=$group/memory.max_usage_in_bytes
  [[ -e $peak ]] || peak=/dev/null
  awk -v name="$1" -v peak="$(cat "$peak")" \
    '/^RssAnon|^VmRSS/ { m[$1] = $2 / 1024 }
     END { printf "%s: %.1f MiB resident, %.1f of them its own, peak of the group %.1f MiB\n",
       name, m["VmRSS:"], m["RssAnon:"], peak / 1048576 }' "/proc/$balancer/status"
}

killed_for_memory() {
  if [[ -e $group/memory.oom_control ]]; then
    awk '/^oom_kill / { print $2 }' "$group/memory.oom_control"
  else
    awk '/^oom_kill / { print $2 }' "$group/memory.events"
  fi
}

stops_cleanly() {
  local code=0
  kill -TERM "$balancer"
  wait "$balancer" || code=$?
  echo "exit code $code after SIGTERM"
  [[ $code == 0 ]]
}

leave_group() {
  set +e
  [[ -z $balancer ]] || kill -KILL "$balancer" 2>/dev/null
  wait "$balancer" 2>/dev/null
  [[ -z $group ]] || rmdir "$group"
  # Its workers would outlive nginx, were it killed.
  [[ -z $backend ]] || { kill -TERM "$backend"; wait "$backend"; backend=''; }
  stop_backend
}
