# shellcheck shell=bash
# What a plain request costs, in numbers that no busy machine changes: system calls and allocated bytes, over a fixed
# number of requests. docs/performance.md says what they were.

# 2 receives and 2 sends a request; the waits for events in between are shared by all that have come meanwhile.
readonly MOST_CALLS=4.6
# Of our own code none; the rest is what happens beside requests while they run.
readonly MOST_BYTES=64
# 14 MB, before there was any load; most of it are pages of the file (MiniLB/method-order.txt).
readonly MOST_RESIDENT=$((14000000 / 1024))

cost_of_a_request() {
  trap 'leave_cost' EXIT
  balancer=
  start_backend
  start_nginx
  out/minilb --listen "127.0.0.1:$listen_port" --admin "127.0.0.1:$admin_port" \
    --backend "http://127.0.0.1:$nginx_port" --set accessLog.format=off &
  balancer=$!
  eventually answers "http://127.0.0.1:$listen_port/" fine
  eventually has_settled
  little_memory
  ask 20000
  local before
  before=$(allocated)
  ask 50000
  at_most "$MOST_BYTES" "$((($(allocated) - before)))" 50000 "allocated bytes"
  count_calls 5000
}

# A server that does nothing worth measuring; python's would be the slowest of all.
start_nginx() {
  read -r nginx_port < <(free_ports 1)
  cat >"$folder/nginx.conf" <<END
daemon off; worker_processes 1; pid $folder/nginx.pid; error_log stderr;
events { worker_connections 4000; }
http { access_log off; keepalive_requests 1000000000;
  server { listen 127.0.0.1:$nginx_port; location / { return 200 "fine"; } } }
END
  nginx -p "$folder" -c "$folder/nginx.conf" &
  eventually answers "http://127.0.0.1:$nginx_port/" fine
}

# A second after the start what that has left is collected, which takes memory too.
has_settled() {
  curl -fsS "http://127.0.0.1:$admin_port/metrics" |
    awk '$1 == "minilb_gc_collections_total{generation=\"1\"}" { found = $2 > 0 } END { exit !found }'
}

little_memory() {
  local resident
  resident=$(awk '/^VmRSS:/ { print $2 }' "/proc/$balancer/status")
  echo "resident when idle: $resident KiB, at most $MOST_RESIDENT"
  ((resident <= MOST_RESIDENT))
}

ask() { # requests
  h2load --h1 -n "$1" -c 32 "http://127.0.0.1:$listen_port/" |
    grep -x "status codes: $1 2xx, 0 3xx, 0 4xx, 0 5xx"
}

allocated() {
  curl -fsS "http://127.0.0.1:$admin_port/metrics" |
    awk '/^minilb_gc_allocated_bytes_total / { printf "%.0f\n", $2; found = 1 } END { exit !found }'
}

count_calls() { # requests
  strace -f -c -o "$folder/calls" -p "$balancer" 2>"$folder/strace" &
  local tracer=$!
  eventually grep -q attached "$folder/strace"
  ask "$1"
  kill -INT "$tracer"
  wait "$tracer" || true
  grep -E 'recvfrom|sendto|epoll' "$folder/calls"
  at_most "$MOST_CALLS" "$(awk '/recvfrom|sendto|sendmsg|recvmsg|epoll/ { n += $4 } END { print n + 0 }' \
    "$folder/calls")" "$1" "system calls"
}

at_most() { # limit, amount, requests, what
  awk -v most="$1" -v amount="$2" -v requests="$3" -v what="$4" 'BEGIN {
    printf "%s a request: %.2f, at most %s\n", what, amount / requests, most
    exit !(amount > 0 && amount / requests <= most) }'
}

leave_cost() {
  set +e
  [[ ! -s $folder/nginx.pid ]] || kill "$(<"$folder/nginx.pid")"
  [[ -z $balancer ]] || kill -KILL "$balancer"
  stop_backend
}
