# shellcheck shell=bash
# What testssl.sh finds at a TLS listener of the static file, which is alone in a read-only root, as nobody.

tls_scan() {
  trap 'leave_empty_root' EXIT
  balancer=
  start_backend
  local root=${folder:?}/root
  prepare_empty_root "$root"
  make_certificate "$root"
  tls_configuration >"$root/minilb.json"
  chmod 644 "$root"/*.json "$root"/*.pem "$root"/*.key
  unshare --mount --propagation private bash -euc "$(declare -f enter_empty_root); enter_empty_root \"\$@\"" \
    enter "$root" run --config /minilb.json &
  balancer=$!
  eventually curl -fsS --cacert "$root/site.pem" -o /dev/null "https://localhost:$listen_port/page.txt"
  timeout 300 testssl --quiet --color 0 --warnings off --add-ca "$root/site.pem" --severity LOW \
    --jsonfile "$folder/found.json" "https://localhost:$listen_port" >"$folder/testssl.log" 2>&1 </dev/null || true
  nothing_above_low "$folder/found.json" "$folder/testssl.log"
}

# Signed by itself; the list of revoked certificates that it names is not asked for.
make_certificate() { # folder
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost -addext extendedKeyUsage=serverAuth \
    -addext crlDistributionPoints=URI:http://127.0.0.1:1/revoked.crl \
    -keyout "$1/site.key" -out "$1/site.pem" 2>/dev/null
}

tls_configuration() {
  cat <<END
{
  "listeners": [{
    "address": "127.0.0.1:$listen_port",
    "tls": { "certificates": [{ "certificate": "/site.pem", "key": "/site.key" }], "hsts": "365d" }
  }],
  "admin": { "address": "127.0.0.1:$admin_port" },
  "pools": { "web": { "backends": ["http://127.0.0.1:$backend_port"] } },
  "headers": { "response": { "set": { "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY" } } }
}
END
}

# A scan that was broken off, or that found no TLS 1.3, has seen nothing.
nothing_above_low() { # findings, log
  grep -q 'TLS 1.3 *offered (OK)' "$2" || {
    cat "$2"
    return 1
  }
  python3 - "$1" <<'END'
import json, sys
found = json.load(open(sys.argv[1]))
grave = [f for f in found if f["severity"] in ("MEDIUM", "HIGH", "CRITICAL", "FATAL")]
for finding in found:
    print(finding["severity"], finding["id"], finding["finding"], sep=": ")
print(f"testssl: {len(grave)} findings above LOW, {sum(f['severity'] == 'LOW' for f in found)} LOW")
# Its certificate is the test's own, whose chain nobody knows.
sys.exit(1 if any(not f["id"].startswith("cert") for f in grave) else 0)
END
}
