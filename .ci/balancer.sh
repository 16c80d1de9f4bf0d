# shellcheck shell=bash
# What the parts that start a balancer share: a backend, free ports, waiting, and what a good balancer answers.

folder=
backend=

free_ports() { # count
  python3 - "$1" <<'END'
import socket, sys
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(s.getsockname()[1] for s in sockets))
END
}

# Sets the folder and the ports of this part, and starts a backend that serves one page.
start_backend() {
  folder=$(mktemp -d)
  page="a page of the backend, $RANDOM$RANDOM"
  read -r backend_port listen_port admin_port < <(free_ports 3)
  mkdir "$folder/site"
  echo "$page" >"$folder/site/page.txt"
  python3 -m http.server "$backend_port" --bind 127.0.0.1 --directory "$folder/site" >/dev/null 2>&1 &
  backend=$!
  eventually curl -fsS -o /dev/null "http://127.0.0.1:$backend_port/page.txt"
}

balancer_arguments() {
  echo --listen "127.0.0.1:$listen_port" --admin "127.0.0.1:$admin_port" \
    --backend "http://127.0.0.1:$backend_port"
}

stop_backend() {
  [[ -z $backend ]] || kill -KILL "$backend"
  [[ -z $folder ]] || rm -rf "$folder"
}

eventually() { # command
  local deadline=$((SECONDS + 30)) output
  until output=$("$@" 2>&1); do
    if ((SECONDS >= deadline)); then
      echo "not within 30 s: $*: $output"
      return 1
    fi
    sleep 0.1
  done
}

answers() { # url, expected text
  local body
  body=$(curl -fsS --max-time 5 "$1") || return 1
  [[ $body == *"$2"* ]] || {
    echo "$1 answered: $body"
    return 1
  }
}

has_ended() { # process
  ! grep -q '^State:.[^Z]' "/proc/$1/status"
}

ready_url() {
  echo "http://127.0.0.1:$admin_port/readyz"
}

balancer_serves() {
  eventually answers "$(ready_url)" ""
  eventually answers "http://127.0.0.1:$listen_port/health" '"total":1,"alive":1'
  answers "http://127.0.0.1:$listen_port/page.txt" "$page"
}

holds_no_privilege() { # process
  local status
  status=$(grep -E '^(Uid|Gid|Cap...|NoNewPrivs):' "/proc/$1/status" | tr -s '\t ' ' ')
  echo "$status"
  grep -qx 'Uid: 65534 65534 65534 65534' <<<"$status"
  grep -qx 'Gid: 65534 65534 65534 65534' <<<"$status"
  grep -qx 'NoNewPrivs: 1' <<<"$status"
  [[ $(grep -cEx 'Cap(Inh|Prm|Eff|Bnd|Amb): 0+' <<<"$status") == 5 ]]
}
