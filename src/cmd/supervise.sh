#!/bin/sh
# Keeps one process running. One that ran for ten seconds, or died young for the first time, is started again at once; one that goes on
# dying young waits 0.2 s, then twice as long each time, 5 s at most. Being killed from outside counts only from the tenth time on.
# A process that outlived an earlier supervisor is taken over as it is.
# usage: supervise.sh NAME RUNDIR LOGFILE COMMAND [ARG...]
# A shell, because this must cost next to no memory. Ends, after its process, on TERM.
name=$1 rundir=$2 log=$3
shift 3
child='' ending=''
trap 'ending=1; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' TERM INT
trap '' HUP
# A zombie is not alive, whenever its parent may notice.
alive() {
  read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
  case ${stat##*) } in [ZX]*) return 1 ;; esac
}
pause() {
  sleep "$1" &
  wait $!
}
uptime_s() { read -r up _ </proc/uptime && echo "${up%%.*}"; }
# /run may have been emptied meanwhile.
note() {
  [ -d "$rundir" ] || mkdir -p -m 700 "$rundir"
  echo "$1" >"$rundir/$name.$2"
}
note $$ supervisor
old=$(cat "$rundir/$name.pid" 2>/dev/null)
if [ -n "$old" ] && alive "$old" && [ "$(tr '\0' '\n' <"/proc/$old/cmdline")" = "$(printf '%s\n' "$@")" ]; then
  echo "supervise: $name runs as process $old; taking it over" >>"$log"
  child=$old
  [ -z "$ending" ] || kill -TERM "$child" 2>/dev/null
  while alive "$child"; do pause 0.3; done
  child=''
fi
young=0 killed=0
while [ -z "$ending" ]; do
  if [ -f "$log" ] && [ "$(stat -c %s "$log")" -gt 10485760 ]; then mv -f "$log" "$log.1"; fi
  began=$(uptime_s)
  "$@" >>"$log" 2>&1 </dev/null &
  child=$!
  # TERM may have come before there was a child to pass it to
  [ -z "$ending" ] || kill -TERM "$child" 2>/dev/null
  note "$child" pid
  # wait returns early when a trap ran: wait again until the process is gone
  while kill -0 "$child" 2>/dev/null; do wait "$child"; done
  wait "$child" 2>/dev/null
  code=$?
  rm -f "$rundir/$name.pid"
  child=''
  [ -z "$ending" ] || break
  if [ $(($(uptime_s) - began)) -ge 10 ]; then
    young=0 killed=0
  elif [ "$code" -eq 137 ] && [ "$killed" -lt 9 ]; then
    killed=$((killed + 1))
  else
    young=$((young + 1))
  fi
  wait_ms=0
  if [ "$young" -gt 1 ]; then
    wait_ms=5000
    [ "$young" -gt 6 ] || wait_ms=$((100 << (young - 1)))
  fi
  echo "supervise: $name ended with code $code; starting it again in $wait_ms ms" >>"$log"
  [ "$wait_ms" -eq 0 ] || pause "$(printf '%d.%03d' $((wait_ms / 1000)) $((wait_ms % 1000)))"
done
rm -f "$rundir/$name.pid" "$rundir/$name.supervisor"
