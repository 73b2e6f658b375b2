#!/bin/sh
# Makes what the tests of the audit trail verify it with, besides Signal: a Python with `cryptography` for
# docs/verify_config_log.py, and a program of Go's own verifiers (test/audit/go). Into .venv-audit; does nothing for
# what is there. Needs Python 3.8 with venv, and Go 1.19; on Debian, root gets them with apt.
set -eu
cd "$(dirname "$0")/.."

# The name states what the directory was made from, so that a change of it makes a new one.
made=.venv-audit/made-from-$(cat scripts/audit/requirements.txt test/audit/go/go.* test/audit/go/main.go | cksum | cut -d' ' -f1)
[ -f "$made" ] && exit 0

missing=
command -v go >/dev/null || missing="$missing golang-go"
python3 -c 'import venv, ensurepip' 2>/dev/null || missing="$missing python3 python3-venv"
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
  else
    echo "setup-audit: install$missing first" >&2
    exit 1
  fi
fi

echo "setup-audit: fetching cryptography for Python and golang.org/x/mod for Go (once)" >&2
rm -rf .venv-audit
python3 -m venv .venv-audit
.venv-audit/bin/pip install -q --disable-pip-version-check -r scripts/audit/requirements.txt
(cd test/audit/go && go build -o ../../../.venv-audit/bin/verify-go .)
touch "$made"
