#!/bin/sh
# Fetches the jars of a Kafka broker into .kafka/libs and formats a storage directory to copy from. Does nothing
# where both are there. Needs Java 17 and Maven; on Debian, root gets them with apt.
set -eu
cd "$(dirname "$0")/.."

version=$(sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' scripts/kafka/pom.xml)
# The template's name states what it was made from, so that a new version of either makes a new one.
template=".kafka/template-$version-$(cksum scripts/kafka/format.properties | cut -d' ' -f1)"
[ -d "$template" ] && exit 0

if ! command -v java >/dev/null || ! command -v mvn >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -y -qq openjdk-17-jre-headless maven
  else
    echo "setup-kafka: install Java 17 and Maven first" >&2
    exit 1
  fi
fi

if [ ! -f ".kafka/libs/kafka-clients-$version.jar" ]; then
  echo "setup-kafka: fetching Kafka $version (54 MB, once)" >&2
  rm -rf .kafka/libs .kafka/libs.part
  mvn -B -q -f scripts/kafka/pom.xml dependency:copy-dependencies -DoutputDirectory="$PWD/.kafka/libs.part"
  mv .kafka/libs.part .kafka/libs
fi

rm -rf .kafka/template-* .kafka/template.part
mkdir -p .kafka/template.part
sed "s:^log.dirs=.*:log.dirs=$PWD/.kafka/template.part:" scripts/kafka/format.properties >.kafka/format.properties
java -XX:TieredStopAtLevel=1 -cp '.kafka/libs/*' kafka.tools.StorageTool format -t MkU3OEVBNTcwNTJENDM2Qg \
  -c .kafka/format.properties >.kafka/format.log 2>&1 || { cat .kafka/format.log >&2; exit 1; }
mv .kafka/template.part "$template"
