#!/usr/bin/env bash
# Builds out/minilb: one static, stripped executable for linux-x64 with TLS inside.
set -euo pipefail
export LC_ALL=C DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1

rid=linux-x64
runtime_pack=Microsoft.NETCore.App.Runtime.NativeAOT.$rid
missing_tools=()
missing_packages=()

usage() {
  cat <<'END'
usage: ./publish.sh [--install]

Builds out/minilb, one static executable for linux-x64 with TLS inside, and out/minilb.dbg, its symbols.

  --install   install what is missing with apt-get first (through sudo unless root)
  --help      print this

Exit codes: 0 built, 1 the build failed or the file is not static, 2 wrong usage or missing tools.
END
}

fail() {
  echo "publish.sh: $1" >&2
  exit "${2:-1}"
}

need() { # package, what is looked for, a command that finds it
  local package=$1 tool=$2
  shift 2
  "$@" >/dev/null 2>&1 && return
  missing_tools+=("$tool")
  [[ " ${missing_packages[*]} " == *" $package "* ]] || missing_packages+=("$package")
}

library() {
  compgen -G "/usr/lib/*/$1" || compgen -G "/usr/lib*/$1"
}

find_missing() {
  missing_tools=()
  missing_packages=()
  need clang clang command -v clang
  need cmake cmake command -v cmake
  need make make command -v make
  need binutils objcopy command -v objcopy
  need binutils readelf command -v readelf
  need libc6-dev libc.a library libc.a
  need libssl-dev libssl.a library libssl.a
}

install_missing() {
  local as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || fail "--install needs root or sudo" 2
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq || "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${missing_packages[@]}"
}

require_tools() {
  [[ $(uname -sm) == "Linux x86_64" ]] || fail "builds on Linux x86_64 only, this is $(uname -sm)" 2
  command -v dotnet >/dev/null || fail "missing: dotnet, the .NET SDK that global.json names" 2
  find_missing
  if [[ $1 == install && ${#missing_packages[@]} -gt 0 ]]; then
    install_missing
    find_missing
  fi
  [[ ${#missing_packages[@]} -eq 0 ]] && return
  fail "missing: ${missing_tools[*]}
install with: apt-get install -y ${missing_packages[*]}" 2
}

# Its own folder per framework: the restore of another framework must not reach MiniLB/obj, and a changed linker switch
# does not relink what is there.
build() {
  rm -rf "out/build/$1" 2>/dev/null || fail "cannot remove out/build/$1"
  mkdir -p "out/build/$1" || fail "cannot make out/build/$1"
  # The SDK compiles its OpenSSL shim with whatever CFLAGS says: without them neither optimised nor free of asserts.
  CFLAGS="-O2 -DNDEBUG" dotnet publish MiniLB/MiniLB.csproj -c Release -r $rid -p:BuildFramework="$1" \
    --artifacts-path "out/build/$1" -o "out/build/$1/publish" >"out/build/$1/log" 2>&1
}

only_runtime_pack_missing() {
  local errors
  errors=$(grep -E '(^|[ :])error ' "$1") || return 1
  ! grep -vqE "NU1101: .*$runtime_pack" <<<"$errors"
}

build_newest() {
  framework=net10.0
  build $framework && return
  if only_runtime_pack_missing out/build/$framework/log; then
    echo "$runtime_pack for $framework cannot be restored: building for net9.0 instead"
    framework=net9.0
    build $framework && return
  fi
  cat "out/build/$framework/log" >&2
  fail "the build for $framework failed"
}

check_static() {
  local headers dynamic sections
  headers=$(readelf -lW "$1")
  dynamic=$(readelf -dW "$1")
  sections=$(readelf -SW "$1")
  [[ $headers != *INTERP* ]] || fail "$1 is not static: it names a program interpreter"
  [[ $dynamic != *NEEDED* ]] || fail "$1 is not static: it needs shared libraries"
  [[ $sections != *.symtab* ]] || fail "$1 is not stripped"
  [[ -n $(openssl_inside "$1") ]] || fail "$1 has no TLS inside"
}

openssl_inside() {
  grep -aoEm1 'OpenSSL [0-9]+\.[0-9]+\.[0-9]+ [0-9]+ [A-Z][a-z]+ [0-9]{4}' "$1" | head -n 1
}

runtime_version() {
  sed -nE "s,.*\"runtime\.$rid\.Microsoft\.DotNet\.ILCompiler/([^\"]+)\".*,\1,p" \
    "out/build/$framework/obj/MiniLB/project.assets.json" | head -n 1
}

report() {
  local bytes
  bytes=$(stat -c %s out/minilb)
  echo "file     $PWD/out/minilb"
  echo "size     $bytes bytes, $(awk -v b="$bytes" 'BEGIN { printf "%.1f MB", b / 1e6 }')"
  echo "sha256   $(sha256sum out/minilb | cut -d' ' -f1)"
  echo "runtime  $framework, .NET $(runtime_version)"
  echo "tls      $(openssl_inside out/minilb)"
}

main() {
  local tools=installed
  case "${1-}" in
    "") ;;
    --install) tools=install ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
  require_tools $tools
  build_newest
  check_static "out/build/$framework/publish/minilb"
  mv -f "out/build/$framework/publish/minilb" "out/build/$framework/publish/minilb.dbg" out/
  report
}

main "$@"
