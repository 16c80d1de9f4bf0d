# shellcheck shell=bash
# What is inside the static file, as a CycloneDX 1.6 document on standard output; publish.sh --sbom reads this.
# Nothing is listed from memory: packages are those that the compiler was given, libraries those whose symbols are
# there.

# A symbol that only this library brings, the library, its project, its licence.
readonly native_libraries=(
  "SSL_new libssl.a openssl Apache-2.0"
  "__libc_start_main libc.a glibc LGPL-2.1-or-later"
  "_Unwind_RaiseException libgcc_eh.a gcc GPL-3.0-or-later WITH GCC-exception-3.1"
)

# The same of what .NET's packages bring compiled; they do not say which version.
readonly bundled_libraries=(
  "inflateInit2_ zlib-ng Zlib"
  "BrotliDecoderDecompressStream brotli MIT"
)

# Prints the document. All but the file are what its build has left.
sbom() { # file, list of its symbols, the compiler's response file, project.assets.json
  local file=$1 symbols=$2 response=$3 assets=$4
  local components=() references=() digest version moment
  moment=$(moment)
  moment=${moment:+"    \"timestamp\": \"$moment\","$'\n'}
  digest=$(sha256sum "$file" | cut -d' ' -f1)
  version=$(sed -nE 's,.*<Version>(.*)</Version>.*,\1,p' Directory.Build.props)
  add_packages "$response" "$assets"
  add_native "$symbols" "$file"
  add_bundled "$symbols"
  cat <<END
{
  "\$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
  "bomFormat": "CycloneDX",
  "specVersion": "1.6",
  "serialNumber": "urn:uuid:${digest:0:8}-${digest:8:4}-8${digest:13:3}-a${digest:17:3}-${digest:20:12}",
  "version": 1,
  "metadata": {
$moment    "component": {
      "type": "application",
      "bom-ref": "minilb",
      "name": "minilb",
      "version": "$version",
      "hashes": [{ "alg": "SHA-256", "content": "$digest" }],
      "licenses": [{ "expression": "MIT" }]
    }
  },
  "components": [
$(joined "${components[@]}")
  ],
  "dependencies": [
    {
      "ref": "minilb",
      "dependsOn": [
$(joined "${references[@]}")
      ]
    }
  ]
}
END
}

joined() {
  printf '%s' "$1"
  shift
  (($# == 0)) || printf ',\n%s' "$@"
}

# The moment of the commit, so that the same commit gives the same document.
moment() {
  local seconds=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null)}
  [[ -z $seconds ]] || date -u -d "@$seconds" +%Y-%m-%dT%H:%M:%SZ
}

add_component() { # scope, name, version, licence, purl, more members
  local reference=${5:-$2}
  components+=("    {
      \"type\": \"library\",
      \"bom-ref\": \"$reference\",
      \"name\": \"$2\",
${3:+      \"version\": \"$3\",
}      \"scope\": \"$1\",
${6-}      \"licenses\": [{ \"expression\": \"$4\" }]${5:+,
      \"purl\": \"$5\"}
    }")
  [[ $1 == excluded ]] || references+=("        \"$reference\"")
}

# Where the compiler was given assemblies from; what was only fetched for the build is told apart by its scope.
add_packages() { # response file, project.assets.json
  local folder place all inside
  folder=$(sed -nE '/"packageFolders"/,/\}/s,^ *"(/.*)": \{\}\,?$,\1,p' "$2" | head -n 1)
  inside=$(sed -nE "s,^-r:$folder([^/]+/[^/]+)/.*,\1,p" "$1" | sort -u)
  all=$(sed -nE '/"libraries"/,/"projectFileDependencyGroups"/s,^ +"path": "([^"]+)"\,?$,\1,p' "$2")
  [[ -n $inside ]] || fail "$1 names no package"
  while read -r place; do
    if grep -qxF "$place" <<<"$inside"; then
      add_package required "$folder$place"
    else
      add_package excluded "$folder$place"
    fi
  done < <(printf '%s\n%s\n' "$inside" "$all" | sort -u)
}

add_package() { # scope, folder
  local id version licence hash
  id=$(sed -nE 's,.*<id>(.*)</id>.*,\1,p' "$2"/*.nuspec | head -n 1)
  version=$(sed -nE 's,.*<version>(.*)</version>.*,\1,p' "$2"/*.nuspec | head -n 1)
  licence=$(sed -nE 's,.*<license type="expression">(.*)</license>.*,\1,p' "$2"/*.nuspec | head -n 1)
  [[ -n $licence ]] || fail "${id:-$2} does not name its licence"
  hash=$(base64 -d "$2"/*.nupkg.sha512 | od -An -vtx1 | tr -d ' \n')
  add_component "$1" "$id" "$version" "$licence" "pkg:nuget/$id@$version" \
    "      \"hashes\": [{ \"alg\": \"SHA-512\", \"content\": \"$hash\" }],
"
}

# Debian's packages, where it is Debian that knows the library; else what the file says of itself.
add_native() { # list of symbols, file
  local row symbol library project licence package version
  for row in "${native_libraries[@]}"; do
    read -r symbol library project licence <<<"$row"
    grep -qxF "$symbol" "$1" || continue
    package=$(owner_of "$(clang -print-file-name="$library")")
    if [[ -n $package ]]; then
      version=$(dpkg-query -W -f '${Version}' "$package")
      add_component required "$project" "$version" "$licence" \
        "pkg:deb/$(sed -n 's/^ID=//p' /etc/os-release)/$package@$(escaped "$version")?arch=$(dpkg --print-architecture)"
    elif [[ $project == openssl ]]; then
      add_component required "$project" "$(openssl_inside "$2" | cut -d' ' -f2)" "$licence" ""
    else
      add_component required "$project" "" "$licence" ""
    fi
  done
}

# The two names of a folder under a merged /usr are one to the system, and not to dpkg.
owner_of() { # path
  local path
  path=$(realpath "$1" 2>/dev/null) || return 0
  { dpkg-query -S "$path" || dpkg-query -S "${path#/usr}" || true; } 2>/dev/null | head -n 1 | cut -d: -f1
}

escaped() { # version
  local text=${1//+/%2B}
  echo "${text//:/%3A}"
}

add_bundled() { # list of symbols
  local row symbol project licence
  for row in "${bundled_libraries[@]}"; do
    read -r symbol project licence <<<"$row"
    ! grep -qxF "$symbol" "$1" || add_component required "$project" "" "$licence" ""
  done
}
