# shellcheck shell=bash
# Runs parts one after another, quietly, and adds up what passed and failed.

passed=0
failed=0
completed=no
running=
code=
log=$(mktemp)

# In a process group of its own, so that an interrupted part takes all it started with it. Never to be called in a
# condition: there bash ignores set -e, and a part would pass by its last command alone.
run_logged() {
  set -m
  (
    set -eE
    "$@"
  ) >"$log" 2>&1 </dev/null &
  running=$!
  set +m
  wait "$running"
  code=$?
  running=
}

say() { # result, name, since
  printf '%-4s  %s (%d s)\n' "$1" "$2" $((SECONDS - $3))
}

part() { # name, function
  local since=$SECONDS
  run_logged "$2"
  if ((code == 0)); then
    passed=$((passed + 1))
    say ok "$1" "$since"
  else
    failed=$((failed + 1))
    say FAIL "$1" "$since"
    cat "$log"
  fi
}

# Prints passed and failed, added up over the summary lines of all test projects; a skipped test has failed.
test_counts() {
  sed -nE 's/^(Passed|Failed|Skipped)! +- +Failed: +([0-9]+), +Passed: +([0-9]+), +Skipped: +([0-9]+),.*/\3 \2 \4/p' \
    "$log" | awk '{ passed += $1; failed += $2 + $3 } END { print passed + 0, failed + 0 }'
}

tests() { # name, function
  local since=$SECONDS good bad
  run_logged "$2"
  read -r good bad < <(test_counts)
  # A run that broke off, or ran nothing, must not pass by what it did not report.
  if ((bad == 0 && (code != 0 || good == 0))); then bad=1; fi
  passed=$((passed + good))
  failed=$((failed + bad))
  if ((bad == 0)); then
    say ok "$1: $good tests" "$since"
  else
    say FAIL "$1: $bad of $((good + bad)) tests, exit code $code" "$since"
    cat "$log"
  fi
}

finish() {
  trap - EXIT
  trap '' INT TERM
  if [[ -n $running ]]; then
    kill -TERM -- "-$running" 2>/dev/null
    wait "$running"
  fi
  rm -f "$log"
  [[ $completed == yes ]] || failed=$((failed + 1))
  echo "$passed passed, $failed failed"
  ((failed == 0 && passed > 0)) && exit 0
  exit 1
}
