# shellcheck shell=bash
# What docs/security.md says of the file: the same bytes again, hardened, and in need of nothing.

# From a copy without a history, in another folder, for another user's home, in another time zone.
same_bytes_again() {
  # shellcheck disable=SC2154
  trap 'rm -rf "$elsewhere"' EXIT
  elsewhere=$(mktemp -d)
  mkdir "$elsewhere/home" "$elsewhere/another-folder"
  # Only what the Dockerfile gives the build from source, and what the list of contents needs besides.
  local files
  read -ra files < <(sed -nE '/ AS build$/,/^FROM image$/s/^COPY ([^-].*) [^ ]+$/\1/p' Dockerfile | paste -sd ' ')
  git ls-files -z -- "${files[@]}" deploy/sbom.sh |
    tar c --null --files-from - | tar x -C "$elsewhere/another-folder"
  (
    export HOME=$elsewhere/home TZ=Asia/Tokyo SOURCE_DATE_EPOCH
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
    cd "$elsewhere/another-folder"
    ./publish.sh --sbom
  )
  local file
  for file in minilb minilb.dbg minilb.cdx.json; do
    cmp "out/$file" "$elsewhere/another-folder/out/$file"
  done
}

hardened_file() {
  local headers
  headers=$(readelf -lW out/minilb)
  echo "$headers"
  # Flags stand between the sizes and the alignment.
  grep -qE '^ +GNU_STACK .* RW +0x' <<<"$headers"
  grep -qE '^ +GNU_RELRO .* R +0x' <<<"$headers"
  [[ -z $(grep -E '^ +LOAD .* RWE +0x' <<<"$headers") ]]
  nm out/minilb.dbg | grep -cE ' [tT] __stack_chk_fail$'
}

# The unit names the installed file; here it is this one. Once as it is, once as the socket unit lets it be.
service_unit() {
  local folder
  folder=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$folder'" EXIT
  cp -r deploy/systemd/. "$folder"
  sed -i "s,/usr/local/bin/minilb,$PWD/out/minilb," "$folder/minilb.service"
  mv "$folder/minilb.service.d" "$folder/for-sockets"
  unit_is_sound 15
  mv "$folder/for-sockets" "$folder/minilb.service.d"
  unit_is_sound 11
}

unit_is_sound() { # exposure in tenths
  # There is nothing to say of either file.
  systemd-analyze verify "$folder/minilb.service" "$folder/minilb.socket" 2>&1 | tee "$folder/said"
  [[ ! -s $folder/said ]]
  systemd-analyze security --offline=true --threshold="$1" "$folder/minilb.service"
}

# The blocks of docs/security.md that start the file, word for word, each in a network of its own.
without_root() {
  local folder block blocks=0
  folder=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$folder'" EXIT
  mkdir -p "$folder/out" "$folder/site"
  echo "a page" >"$folder/site/page.txt"
  cp out/minilb "$folder/out/"
  chmod -R a+rX "$folder"
  awk -v folder="$folder" '
    /^```sh$/ { file = sprintf("%s/%02d.sh", folder, ++count); next }
    /^```$/ { file = "" }
    file { print > file }' docs/security.md
  cd "$folder"
  for block in ??.sh; do
    grep -q '^setpriv' "$block" || continue
    echo "--- $(<"$block")"
    unshare --net bash -eu -c "$(declare -f alone_in_a_network eventually answers has_ended)
      alone_in_a_network '$block'"
    blocks=$((blocks + 1))
  done
  ((blocks == 2))
  unshare --net bash -eu -c "$(declare -f port_is_forbidden); port_is_forbidden"
}

alone_in_a_network() { # block
  ip link set lo up
  python3 -m http.server 9001 --bind 127.0.0.1 --directory site >/dev/null 2>&1 &
  local backend=$! balancer port
  eventually answers http://127.0.0.1:9001/page.txt "a page"
  bash -euc "$(sed -e '1s/^/exec /' "$1")" &
  balancer=$!
  port=$(grep -oE '\-\-listen [0-9.]*:[0-9]+' "$1")
  eventually answers "http://127.0.0.1:${port##*:}/page.txt" "a page"
  grep -E '^(Uid|Cap...|NoNewPrivs):' "/proc/$balancer/status"
  grep -qP '^Uid:\t65534\t65534\t65534\t65534$' "/proc/$balancer/status"
  grep -qP '^NoNewPrivs:\t1$' "/proc/$balancer/status"
  # None, but for port 80 the one of binding to it (bit 10).
  [[ $(grep -cP '^Cap(Inh|Prm|Eff|Bnd|Amb):\t0000000000000(0|4)00$' "/proc/$balancer/status") == 5 ]]
  kill -TERM "$balancer"
  wait "$balancer"
  kill "$backend"
}

port_is_forbidden() {
  ip link set lo up
  local said code=0
  said=$(setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
    out/minilb --listen :80 --backend http://127.0.0.1:9001 2>&1) || code=$?
  echo "$code: $said"
  [[ $code == 1 && $said == *":80: Permission denied; a port below 1024 needs CAP_NET_BIND_SERVICE"* ]]
}

# Under load, with the system calls alone that the unit allows, any other of which kills it, and with what the unit shows
# of /proc.
allowed_system_calls() {
  trap 'leave_allowed_system_calls' EXIT
  balancer=
  start_backend
  # shellcheck disable=SC2046
  unshare --mount --propagation private bash -euc \
    'mount -t proc -o subset=pid,hidepid=invisible proc /proc; exec python3 -c "$@"' filtered "$(filtered)" \
    out/minilb $(balancer_arguments) --set "accessLog.path=$folder/access.log" &
  balancer=$!
  balancer_serves
  grep -qP '^Seccomp:\t2$' "/proc/$balancer/status"
  local url=http://127.0.0.1:$listen_port/page.txt
  h2load --h1 -n 1000 -c 50 "$url" | grep -x 'status codes: 1000 2xx, 0 3xx, 0 4xx, 0 5xx'
  h2load -n 500 -c 5 "$url" | grep -x 'status codes: 500 2xx, 0 3xx, 0 4xx, 0 5xx'
  kill -HUP "$balancer"
  kill -USR1 "$balancer"
  out/minilb drain --admin "127.0.0.1:$admin_port" "127.0.0.1:$backend_port"
  out/minilb status --admin "127.0.0.1:$admin_port"
  kill -TERM "$balancer"
  eventually has_ended "$balancer"
  wait "$balancer"
  balancer=
}

# The lists become a filter: two instructions for each call, and SIGSYS for the rest.
filtered() {
  cat <<'END'
import ctypes, os, re, struct, subprocess, sys
NO_NEW_PRIVS, SECCOMP, FILTER = 38, 22, 2
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, KILL_PROCESS = 0x7FFF0000, 0x80000000

def calls(group):
    said = subprocess.check_output(["systemd-analyze", "--no-pager", "syscall-filter", group], text=True)
    for name in (line.strip() for line in said.splitlines()[1:]):
        if name.startswith("@"):
            yield from calls(name)
        elif name and not name.startswith("#"):
            yield name

allowed = {*calls("@system-service")} - {*calls("@privileged")} - {*calls("@resources")}
header = open("/usr/include/x86_64-linux-gnu/asm/unistd_64.h").read()
numbers = {name: int(number) for name, number in re.findall(r"#define __NR_(\w+) (\d+)", header)}
code = [(LOAD, 0, 0, 0)]
for name in sorted(allowed & numbers.keys()):
    code += [(JUMP_IF_EQUAL, 0, 1, numbers[name]), (RETURN, 0, 0, ALLOW)]
code += [(RETURN, 0, 0, KILL_PROCESS)]
block = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *instruction) for instruction in code))
program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code), ctypes.addressof(block)))
prctl = ctypes.CDLL(None, use_errno=True).prctl
for call in ((NO_NEW_PRIVS, 1, 0, 0, 0), (SECCOMP, FILTER, program, 0, 0)):
    if prctl(*call) != 0:
        sys.exit(os.strerror(ctypes.get_errno()))
os.execv(sys.argv[1], sys.argv[1:])
END
}

leave_allowed_system_calls() {
  set +e
  [[ -z $balancer ]] || kill -KILL "$balancer"
  stop_backend
}
