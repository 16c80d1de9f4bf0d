# shellcheck shell=bash
# The README's shell blocks as a reader runs them, word for word. One that no part of this check runs has failed.

readme_commands() {
  local blocks block
  blocks=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$blocks'" EXIT
  awk -v folder="$blocks" '
    /^```sh$/ { file = sprintf("%s/%02d.sh", folder, ++count); next }
    /^```$/ { file = "" }
    file { print > file }' README.md
  for block in "$blocks"/*.sh; do
    echo "--- ${block##*/}: $(head -n 1 "$block")"
    case $(<"$block") in
      *'python3 -m http.server'*) first_steps "$block" ;;
      'out/minilb check '*) bash -euo pipefail "$block" | grep -x 'ok: 1 listener, 1 pool, 2 backends' ;;
      *'failover --self --out report'*) a_failover "$block" ;;
      # Each of these is a part of its own, or a journey (demo).
      'dotnet run --project MiniLB -c Release -- demo'*'dotnet test'*) ;;
      'apt-get install -y clang '*'./publish.sh'*'out/minilb version') ;;
      'docker build '*'docker run '*'docker compose '*) ;;
      'MINILB_BINARY=$PWD/out/minilb dotnet test --filter FullyQualifiedName~Journeys') ;;
      *)
        echo "nobody runs this block:"
        cat "$block"
        return 1
        ;;
    esac
  done
}

# With job control, as in a terminal: the block ends what it started by job number.
first_steps() { # block
  local said
  said=$(timeout 60 bash -em "$1")
  echo "$said"
  grep -q 'Directory listing' <<<"$said"
  grep -q '"total":2,"alive":2,"dead":0' <<<"$said"
}

a_failover() { # block
  rm -rf report
  timeout 300 bash -eu "$1"
  grep -q '"passed": true' report/report.json
  grep -q '"failed": 0,' report/report.json
  [[ -s report/report.html ]]
}
