# shellcheck shell=bash
# The units under a real systemd: process 1 of namespaces of their own, over a copy of this machine's files that is
# never written to. Nothing of the machine's own systemd, if it has one, is touched.

lab=
lab_init=
lab_group=

service_under_systemd() {
  trap 'leave_lab' EXIT
  enter_lab
  first_connection_starts_the_service
  reload_is_obeyed_or_refused
  restarts_and_upgrades_lose_nothing
  hung_process_is_replaced
  stop_is_clean
  service_without_socket_unit
}

enter_lab() {
  lab=$(mktemp -d)
  mkdir "$lab/groups" "$lab/root"
  mount -t cgroup2 none "$lab/groups"
  lab_group=$lab/groups/minilb-lab-$$
  mkdir "$lab_group"
  # shellcheck disable=SC2016
  bash -euc 'echo 0 >"$1/cgroup.procs"; exec unshare --mount --pid --net --uts --ipc --cgroup --fork --kill-child \
    bash -euc "$2" boot "$3"' enter "$lab_group" "$(declare -f boot); boot \"\$1\"" "$lab/root" >"$lab/said" 2>&1 &
  lab_unshare=$!
  eventually lab_has_booted
  lab_init=$(pgrep --parent "$lab_unshare" --oldest)
  in_lab systemctl start systemd-journald.service
  in_lab systemctl start backend.service
  eventually in_lab curl -fsS -o /dev/null http://127.0.0.1:9001/page.txt
}

# As process 1 of the namespaces.
boot() { # folder
  mount --make-rprivate /
  mount -t tmpfs tmpfs "$1"
  mkdir "$1/upper" "$1/work" "$1/root"
  mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
  local binary=$PWD/out/minilb units=$PWD/deploy/systemd
  cd "$1/root"
  # The units of this machine are not wanted, only the names that ours refer to, and the journal.
  cp usr/lib/systemd/system/systemd-journald{.service,.socket,-dev-log.socket} tmp
  rm -rf etc/systemd usr/lib/systemd/system usr/lib/systemd/system-generators etc/minilb etc/fstab
  mkdir -p etc/systemd/system etc/minilb usr/lib/systemd/system srv/site usr/local/bin
  local target
  for target in lab sysinit basic sockets shutdown network-online multi-user; do
    printf '[Unit]\nDescription=%s\n' "$target" >"etc/systemd/system/$target.target"
  done
  cp tmp/systemd-journald* etc/systemd/system
  install "$binary" usr/local/bin/minilb
  cp -r "$units/." etc/systemd/system
  echo "a page" >srv/site/page.txt
  printf '[Service]\nExecStart=/usr/bin/env python3 -m http.server 9001 --bind 127.0.0.1 --directory /srv/site\n' \
    >etc/systemd/system/backend.service
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=IP:127.0.0.1 -keyout etc/minilb/site.key -out etc/minilb/site.pem
  cat >etc/minilb/minilb.yaml <<'YAML'
listeners:
  - address: ":80"
  - address: ":443"
    tls: { certificates: [{ certificate: /etc/minilb/site.pem, key: /etc/minilb/site.key }] }
admin: { address: "unix:/run/minilb/admin.sock" }
pools:
  web:
    backends:
      - http://127.0.0.1:9001
YAML
  # For a user that does not exist yet.
  chmod -R a+rX etc/minilb
  mount -t proc proc proc
  mount -t sysfs sysfs sys
  mount -t cgroup2 cgroup2 sys/fs/cgroup
  mount -t tmpfs -o mode=755 tmpfs run
  mount -t tmpfs -o mode=1777 tmpfs tmp
  mount -t tmpfs -o mode=755 tmpfs dev
  local device
  for device in null zero full random urandom tty; do
    touch "dev/$device"
    mount --bind "/dev/$device" "dev/$device"
  done
  mkdir dev/{pts,shm,mqueue,hugepages}
  mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
  ln -s pts/ptmx dev/ptmx
  mount -t tmpfs tmpfs dev/shm
  ip link set lo up
  mkdir old
  pivot_root . old
  umount --lazy old
  exec env -i container=lab PATH="$PATH" /lib/systemd/systemd --system --unit=lab.target --show-status=no
}

lab_has_booted() {
  lab_init=$(pgrep --parent "$lab_unshare" --oldest)
  in_lab systemctl is-active lab.target || {
    cat "$lab/said"
    return 1
  }
}

in_lab() { # command
  (cd / && exec nsenter --target "$lab_init" --mount --pid --net --uts --ipc --cgroup --root --wd "$@")
}

of_service() { # property
  in_lab systemctl show --value --property "$1" minilb.service
}

# Ports 80 and 443, for a process that may not open them.
first_connection_starts_the_service() {
  in_lab systemctl start minilb.socket
  [[ $(of_service ActiveState) == inactive ]]
  [[ $(in_lab curl -fsS --max-time 30 http://127.0.0.1/page.txt) == "a page" ]]
  [[ $(in_lab curl -fsS --max-time 30 --cacert /etc/minilb/site.pem https://127.0.0.1/page.txt) == "a page" ]]
  [[ $(in_lab curl -fsS --max-time 30 "http://[::1]/page.txt") == "a page" ]]
  in_lab systemctl --no-pager status minilb.service minilb.socket
  [[ $(of_service ActiveState) == active ]]
  [[ $(of_service StatusText) == "serving; 1 of 1 backends up" ]]
  eventually reads_process_status
  grep -E '^(Uid|Cap...|NoNewPrivs|Seccomp):' "$lab/status"
  [[ $(grep -cP '^Cap(Inh|Prm|Eff|Bnd|Amb):\t0+$' "$lab/status") == 5 ]]
  grep -qP '^Uid:\t[1-9]' "$lab/status"
}

# Whole: once it ended before the capabilities.
reads_process_status() {
  in_lab cat "/proc/$(of_service MainPID)/status" >"$lab/status"
  grep -q '^Seccomp:' "$lab/status"
}

says_status() { # text
  local text
  text=$(of_service StatusText)
  echo "$text"
  [[ $text == "$1" ]]
}

reload_is_obeyed_or_refused() {
  local process
  process=$(of_service MainPID)
  in_lab cp /etc/minilb/minilb.yaml /etc/minilb/before.yaml
  in_lab bash -c 'echo "      - http://127.0.0.1:9002" >>/etc/minilb/minilb.yaml'
  in_lab systemctl reload minilb.service
  eventually says_status "serving; 1 of 2 backends up"
  in_lab bash -c 'echo "      - htp://wrong" >>/etc/minilb/minilb.yaml'
  if in_lab systemctl reload minilb.service; then
    echo "a wrong configuration was reloaded"
    return 1
  fi
  eventually says_status "serving; 1 of 2 backends up; the changed configuration is not in effect, errors: 1"
  in_lab cp /etc/minilb/before.yaml /etc/minilb/minilb.yaml
  in_lab systemctl reload minilb.service
  eventually says_status "serving; 1 of 1 backends up"
  [[ $(of_service ActiveState) == active && $(of_service MainPID) == "$process" ]]
}

restarts_and_upgrades_lose_nothing() {
  in_lab python3 -c "$(load)" >"$lab/load" 2>&1 &
  local load=$! before
  for _ in 1 2 3 4 5; do
    before=$(of_service MainPID)
    # systemd allows five starts in ten seconds, and these take less.
    in_lab systemctl reset-failed minilb.service
    in_lab systemctl restart minilb.service
    [[ $(of_service MainPID) != "$before" ]]
    in_lab curl -fsS -o /dev/null --max-time 30 http://127.0.0.1/page.txt
  done
  for _ in 1 2 3; do
    before=$(of_service MainPID)
    in_lab minilb upgrade --config /etc/minilb/minilb.yaml
    # systemd follows, and the old one has gone once it has drained.
    eventually is_another_process "$before"
    eventually is_gone "$before"
    [[ $(of_service ActiveState) == active ]]
  done
  in_lab pkill -INT --full 'python3 -c import collections'
  wait "$load"
  cat "$lab/load"
  grep -qE '^[1-9][0-9]+ good, 0 failed$' "$lab/load"
}

# Four clients with a new connection for each request, and four that keep theirs and ask once more where it was closed
# before an answer began.
load() {
  cat <<'PYTHON'
import collections, http.client, signal, threading
seen, end = collections.Counter(), threading.Event()

def ask(keeps):
    connection = None
    while not end.is_set():
        isKept = connection is not None
        try:
            connection = connection or http.client.HTTPConnection("127.0.0.1", 80, timeout=60)
            connection.request("GET", "/page.txt")
            answer = connection.getresponse()
            body = answer.read()
            seen["good" if (answer.status, body) == (200, b"a page\n") else f"{answer.status} {body}"] += 1
            if keeps and not answer.will_close:
                continue
        except (http.client.RemoteDisconnected, ConnectionResetError) as e:
            if not isKept:
                seen[repr(e)] += 1
        except Exception as e:
            seen[repr(e)] += 1
        connection.close()
        connection = None

signal.signal(signal.SIGINT, lambda *_: end.set())
threads = [threading.Thread(target=ask, args=[i % 2 == 0]) for i in range(8)]
for thread in threads:
    thread.start()
end.wait()
for thread in threads:
    thread.join()
good = seen.pop("good", 0)
print(dict(seen))
print(f"{good} good, {sum(seen.values())} failed")
PYTHON
}

is_gone() { # process
  ! in_lab test -e "/proc/$1"
}

is_another_process() { # process
  [[ $(of_service MainPID) != 0 && $(of_service MainPID) != "$1" && $(of_service ActiveState) == active ]]
}

hung_process_is_replaced() {
  in_lab bash -c 'printf "[Service]\nWatchdogSec=2s\n" >/etc/systemd/system/minilb.service.d/watchdog.conf'
  in_lab systemctl daemon-reload
  in_lab systemctl reset-failed minilb.service
  in_lab systemctl restart minilb.service
  local process
  process=$(of_service MainPID)
  in_lab kill -STOP "$process"
  eventually is_another_process "$process"
  [[ $(of_service NRestarts) == 1 ]]
  journal_has 'Watchdog timeout'
  [[ $(in_lab curl -fsS --max-time 30 http://127.0.0.1/page.txt) == "a page" ]]
  in_lab rm /etc/systemd/system/minilb.service.d/watchdog.conf
  in_lab systemctl daemon-reload
}

stop_is_clean() {
  in_lab systemctl stop minilb.service minilb.socket
  [[ $(of_service Result) == success && $(of_service ExecMainStatus) == 0 ]]
}

journal_has() { # text
  in_lab journalctl --no-pager --unit minilb.service | grep -F "$1"
}

# By the one capability that the unit has then.
service_without_socket_unit() {
  in_lab rm /etc/systemd/system/minilb.service.d/socket.conf
  in_lab systemctl daemon-reload
  in_lab systemctl start minilb.service
  [[ $(in_lab curl -fsS --max-time 30 http://127.0.0.1/page.txt) == "a page" ]]
  in_lab cat "/proc/$(of_service MainPID)/status" | grep -P '^CapEff:\t0000000000000400$'
  in_lab systemctl stop minilb.service
  [[ $(of_service Result) == success ]]
}

leave_lab() {
  set +e
  [[ -z $lab_init ]] || in_lab journalctl --no-pager --lines 100 --unit minilb.service
  cat "$lab/said" "$lab/load"
  [[ -z ${lab_unshare:-} ]] || kill -KILL "$lab_unshare"
  local group i
  for ((i = 0; i < 50; i++)); do
    # The deepest first; a group can be removed once its processes have gone.
    while read -r group; do rmdir "$group" 2>/dev/null; done < <(find "$lab_group" -depth -type d 2>/dev/null)
    [[ -d $lab_group ]] || break
    sleep 0.1
  done
  umount "$lab/groups"
  rm -rf "$lab"
}
