#!/bin/sh
# Fetches schemathesis, which tests the management API by its own OpenAPI document, into .venv-api. Does nothing if it
# is there. Needs Python 3.10 with venv; on Debian, root gets it with apt.
set -eu
cd "$(dirname "$0")/.."

# The name states what the directory was made from, so that a changed list makes a new one.
made=.venv-api/made-from-$(cksum scripts/api-tests/requirements.txt | cut -d' ' -f1)
[ -f "$made" ] && exit 0

if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv
  else
    echo 'setup-api-tests: install python3 python3-venv first' >&2
    exit 1
  fi
fi

echo 'setup-api-tests: fetching schemathesis (once)' >&2
rm -rf .venv-api
python3 -m venv .venv-api
.venv-api/bin/pip install -q --disable-pip-version-check -r scripts/api-tests/requirements.txt
touch "$made"
