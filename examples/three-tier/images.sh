#!/bin/sh
# Builds the three images from Debian's packages, without a registry and without a daemon, and imports them into the running cluster.
# (K8TS_DATA_DIR names the cluster, as for k8ts itself.)
# usage: images.sh [OUTDIR]     (default: ./images; what is built already is not built again)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
k8ts="$here/../../k8ts"
out=${1:-$here/images}
mkdir -p "$out/packages"
[ "$(id -u)" = 0 ] || { echo "images.sh: run this as root: files in the images belong to root" >&2; exit 1; }

# root DIR PACKAGE...  unpacks the packages and all they depend on into DIR
root() {
  dir=$1
  shift
  rm -rf "$dir"
  mkdir -p "$dir"
  # With an empty status file apt lists the whole closure, as for a new machine.
  wanted=$(apt-get -o Dir::State::status=/dev/null -o APT::Install-Recommends=0 -s install "$@" | awk '$1 == "Inst" { v = $3; sub(/^\(/, "", v); print $2 "=" v }')
  [ -n "$wanted" ] || { echo "images.sh: apt-get knows none of: $* (apt-get update)" >&2; exit 1; }
  # Fetched at once: a call of apt costs most of a second.
  missing=''
  for p in $wanted; do
    set -- "$out/packages/${p%%=*}"_*.deb
    [ -e "$1" ] || missing="$missing $p"
  done
  # shellcheck disable=SC2086
  [ -z "$missing" ] || (cd "$out/packages" && apt-get download -qq $missing 2>"$out/apt.log") || {
    tail -n 3 "$out/apt.log" >&2
    echo "images.sh: not all packages could be fetched; check the network and apt-get update, then run this again" >&2
    exit 1
  }
  for p in $wanted; do dpkg-deb -x "$out/packages/${p%%=*}"_*.deb "$dir"; done
  rm -rf "$dir"/usr/share/doc "$dir"/usr/share/man "$dir"/usr/share/locale "$dir"/usr/share/info "$dir"/usr/share/lintian
  printf 'root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\nmysql:x:101:101:MariaDB:/nonexistent:/bin/false\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n' >"$dir/etc/passwd"
  printf 'root:x:0:\nadm:x:4:\nwww-data:x:33:\nmysql:x:101:\nnogroup:x:65534:\n' >"$dir/etc/group"
  mkdir -p "$dir/tmp" "$dir/run" "$dir/root"
  chmod 1777 "$dir/tmp"
  [ -e "$dir/bin/sh" ] || ln -s dash "$dir/bin/sh"
  ldconfig -r "$dir"
}

# image NAME  prints the archive's path; builds it when it is not there
image() {
  if [ ! -e "$out/$1.tar" ]; then
    "build_$1" >&2
    rm -rf "$out/$1.root"
  fi
  echo "$out/$1.tar"
}

build_front() {
  root "$out/front.root" nginx-light dash
  mkdir -p "$out/front.root/var/lib/nginx" "$out/front.root/var/log/nginx"
  rm -f "$out/front.root"/etc/nginx/sites-enabled/*
  "$k8ts" image pack "$out/front.root" "$out/front.tar" --name localhost/three-tier/front:1 --entrypoint '["/usr/sbin/nginx","-c","/etc/three-tier/nginx.conf"]'
}

build_app() {
  root "$out/app.root" python3 python3-pymysql python3-waitress
  mkdir -p "$out/app.root/app"
  cp "$here/app/server.py" "$out/app.root/app/server.py"
  # python3's own packages are linked into place by their installation scripts; here by hand
  [ -e "$out/app.root/usr/bin/python3" ] || ln -s python3.11 "$out/app.root/usr/bin/python3"
  "$k8ts" image pack "$out/app.root" "$out/app.tar" --name localhost/three-tier/app:1 --user 65534:65534 --env PYTHONUNBUFFERED=1 --env PYTHONDONTWRITEBYTECODE=1 --entrypoint '["/usr/bin/python3","/app/server.py"]'
}

build_db() {
  root "$out/db.root" mariadb-server-core mariadb-client-core dash coreutils sed grep gawk hostname findutils
  mkdir -p "$out/db.root/var/lib/mysql" "$out/db.root/run/mysqld" "$out/db.root/etc/mysql/conf.d"
  chown 101:101 "$out/db.root/var/lib/mysql" "$out/db.root/run/mysqld"
  [ -e "$out/db.root/usr/bin/awk" ] || ln -s gawk "$out/db.root/usr/bin/awk"
  "$k8ts" image pack "$out/db.root" "$out/db.tar" --name localhost/three-tier/db:1 --user 101:101 --entrypoint '["/bin/sh","/etc/three-tier/start.sh"]'
}

for name in front app db; do
  archive=$(image $name)
  "$k8ts" image import "$archive"
done
