#!/usr/bin/env bash
# Builds out/minilb: one static, stripped executable with TLS inside, for the machine that it is built on.
set -euo pipefail
export LC_ALL=C DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1

# .NET's name of the platform, and that of Docker and of Debian.
case $(uname -sm) in
  "Linux x86_64") rid=linux-x64 architecture=amd64 ;;
  "Linux aarch64") rid=linux-arm64 architecture=arm64 ;;
  *) rid= architecture= ;;
esac
runtime_pack=Microsoft.NETCore.App.Runtime.NativeAOT.$rid
missing_tools=()
missing_packages=()

usage() {
  cat <<'END'
usage: ./publish.sh [--install] [--sbom]

Builds out/minilb, one static executable with TLS inside, and out/minilb.dbg, its symbols. It is for the machine that
it is built on, Linux on x86_64 or aarch64, and is there under the name of its platform too: out/minilb-amd64 or
out/minilb-arm64.

  --install   install what is missing with apt-get first (through sudo unless root)
  --sbom      write out/minilb.cdx.json too: what is inside, as CycloneDX 1.6
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
  [[ -n $rid ]] || fail "builds on Linux x86_64 and aarch64 only, this is $(uname -sm)" 2
  [[ $PWD != *[[:space:]]* ]] || fail "builds in no folder with blanks in its name: the SDK cannot" 2
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
  # The SDK compiles its OpenSSL shim with whatever CFLAGS says: without them neither optimised, nor free of asserts,
  # nor hardened, and with the folders of this machine inside.
  local shim="-O2 -DNDEBUG -fstack-protector-strong -D_FORTIFY_SOURCE=2"
  shim+=" $(same_everywhere)" || fail "dotnet does not tell where its packages are"
  CFLAGS=$shim dotnet publish MiniLB/MiniLB.csproj -c Release -r $rid -p:BuildFramework="$1" \
    --artifacts-path "out/build/$1" -o "out/build/$1/publish" >"out/build/$1/log" 2>&1
}

# Two builds of one commit give the same bytes, whoever builds, where and when: see docs/security.md.
same_everywhere() {
  local packages
  packages=$(dotnet nuget locals global-packages --list) || return
  packages=${packages#*: }
  echo "-ffile-prefix-map=${packages%/}=/packages -ffile-prefix-map=$PWD=/minilb"
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

write_sbom() {
  local folder=out/build/$framework
  # shellcheck source=deploy/sbom.sh
  source deploy/sbom.sh
  nm out/minilb.dbg | awk '{ print $NF }' >"$folder/symbols"
  sbom out/minilb "$folder/symbols" "$folder/obj/MiniLB/release_$rid/native/minilb.ilc.rsp" \
    "$folder/obj/MiniLB/project.assets.json" >"$folder/sbom"
  mv "$folder/sbom" out/minilb.cdx.json
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
  [[ ! -e out/minilb.cdx.json ]] || echo "sbom     $PWD/out/minilb.cdx.json"
}

main() {
  local tools=installed sbom=no flag
  for flag; do
    case $flag in
      --install) tools=install ;;
      --sbom) sbom=yes ;;
      -h | --help) usage; exit 0 ;;
      *) usage >&2; exit 2 ;;
    esac
  done
  cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
  require_tools $tools
  build_newest
  check_static "out/build/$framework/publish/minilb"
  mv -f "out/build/$framework/publish/minilb" "out/build/$framework/publish/minilb.dbg" out/
  ln -f out/minilb "out/minilb-$architecture"
  rm -f out/minilb.cdx.json
  [[ $sbom == no ]] || write_sbom
  report
}

main "$@"
