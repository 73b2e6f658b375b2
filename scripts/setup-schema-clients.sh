#!/bin/sh
# Fetches other people's schema clients for the tests: Avro for Java into .kafka/avro-*, Confluent's Python client
# into .venv. Does nothing for what is there. Needs a JDK with Maven, and Python 3.8 with venv; on Debian, root gets
# them with apt.
set -eu
cd "$(dirname "$0")/.."

# The names state what the directories were made from, so that a changed list makes new ones.
jars=.kafka/avro-$(cksum scripts/schema-clients/pom.xml | cut -d' ' -f1)
python=.venv/made-from-$(cksum scripts/schema-clients/requirements.txt | cut -d' ' -f1)
[ -d "$jars" ] && [ -f "$python" ] && exit 0

missing=
command -v javac >/dev/null || missing="$missing openjdk-17-jdk-headless"
command -v mvn >/dev/null || missing="$missing maven"
python3 -c 'import venv, ensurepip' 2>/dev/null || missing="$missing python3 python3-venv"
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
  else
    echo "setup-schema-clients: install$missing first" >&2
    exit 1
  fi
fi

if [ ! -d "$jars" ]; then
  echo 'setup-schema-clients: fetching Avro for Java (once)' >&2
  rm -rf .kafka/avro-*
  mvn -B -q -f scripts/schema-clients/pom.xml dependency:copy-dependencies -DoutputDirectory="$PWD/.kafka/avro-part"
  mv .kafka/avro-part "$jars"
fi

if [ ! -f "$python" ]; then
  echo "setup-schema-clients: fetching Confluent's Python client (once)" >&2
  rm -rf .venv
  python3 -m venv .venv
  .venv/bin/pip install -q --disable-pip-version-check -r scripts/schema-clients/requirements.txt
  touch "$python"
fi
