#!/bin/sh
# Apache Kafka's name for `millrace kafka-transactions`: same options, same output, same exit codes.
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=$(dirname "$self")/$link ;;
  esac
done
exec "$(dirname "$self")/millrace.js" "$(basename "$self" .sh)" "$@"
