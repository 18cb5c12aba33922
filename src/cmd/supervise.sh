#!/bin/sh
# Keeps one process running: starts it again when it ends, waiting 0.1 s at first and twice as long each time it dies young, 5 s at most.
# usage: supervise.sh NAME RUNDIR LOGFILE COMMAND [ARG...]
# A shell, because this must cost next to no memory. Ends, after its process, on TERM.
name=$1 rundir=$2 log=$3
shift 3
child='' ending=''
trap 'ending=1; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' TERM INT
trap '' HUP
echo $$ >"$rundir/$name.supervisor"
wait_ms=100
while [ -z "$ending" ]; do
  if [ -f "$log" ] && [ "$(stat -c %s "$log")" -gt 10485760 ]; then mv -f "$log" "$log.1"; fi
  began=$(date +%s)
  "$@" >>"$log" 2>&1 </dev/null &
  child=$!
  echo "$child" >"$rundir/$name.pid"
  # wait returns early when a trap ran: wait again until the process is gone
  while kill -0 "$child" 2>/dev/null; do wait "$child"; done
  wait "$child" 2>/dev/null
  code=$?
  rm -f "$rundir/$name.pid"
  child=''
  [ -z "$ending" ] || break
  [ $(($(date +%s) - began)) -lt 10 ] || wait_ms=100
  echo "supervise: $name ended with code $code; starting it again in $wait_ms ms" >>"$log"
  sleep "$(printf '%d.%03d' $((wait_ms / 1000)) $((wait_ms % 1000)))" &
  wait $!
  wait_ms=$((wait_ms * 2))
  [ "$wait_ms" -le 5000 ] || wait_ms=5000
done
rm -f "$rundir/$name.supervisor"
