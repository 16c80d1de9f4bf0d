# shellcheck shell=bash
# The load tests with NBomber as their engine, compiled against NBomber's published signatures.

nbomber_engine() {
  local artifacts
  artifacts=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$artifacts'" EXIT
  dotnet build MiniLB.Tests/NBomberReference --artifacts-path "$artifacts/reference" --nologo
  dotnet build MiniLB.Load --artifacts-path "$artifacts/load" --nologo -p:LoadEngine=NBomber \
    -p:NBomberReference="$(find "$artifacts/reference/bin" -name NBomber.dll)"
  # Compiled in, not left out: the program names the types that it needs.
  grep -aq 'NBomber\.CSharp' "$(find "$artifacts/load/bin" -name MiniLB.Load.dll)"
}
