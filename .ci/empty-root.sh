# shellcheck shell=bash
# The static file as the only file of a read-only root, as nobody, without a single capability.

empty_root() {
  trap 'leave_empty_root' EXIT
  balancer=
  start_backend
  local root=${folder:?}/root
  prepare_empty_root "$root"
  # shellcheck disable=SC2046
  unshare --mount --propagation private bash -euc "$(declare -f enter_empty_root); enter_empty_root \"\$@\"" \
    enter "$root" $(balancer_arguments) &
  balancer=$!
  balancer_serves
  holds_no_privilege "$balancer"
  [[ $(ls "/proc/$balancer/root") == $'dev\nminilb\nproc' ]]
  kill -TERM "$balancer"
  eventually has_ended "$balancer"
  wait "$balancer"
  balancer=
}

prepare_empty_root() { # root
  mkdir -p "$1/proc" "$1/dev"
  cp out/minilb "$1/minilb"
  chmod 755 "$folder" "$1" "$1/minilb"
  touch "$1/dev/urandom"
}

# Every step execs the next, so that the process started is in the end the balancer.
enter_empty_root() { # root, arguments
  local root=$1
  shift
  mount --bind "$root" "$root"
  mount --rbind /proc "$root/proc"
  mount --bind /dev/urandom "$root/dev/urandom"
  mount -o remount,bind,ro "$root"
  # Not setpriv: it cannot drop the bounding set and still enter a root that does not hold it.
  exec python3 -c '
import ctypes, os, sys
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
prctl = ctypes.CDLL(None, use_errno=True).prctl
os.chroot(sys.argv[1])
os.chdir("/")
capability = 0
while prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0:
    capability += 1
os.setgroups([])
os.setresgid(65534, 65534, 65534)
os.setresuid(65534, 65534, 65534)
prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
os.execve("/minilb", ["/minilb", *sys.argv[2:]], {})
' "$root" "$@"
}

leave_empty_root() {
  set +e
  [[ -z $balancer ]] || kill -KILL "$balancer"
  stop_backend
}
