# Stops the processes listed in a file when its parent is gone. Its standard input is a pipe that is never written to and
# is closed when the parent ends, even if that is killed.
# $1 the file, lines of "role pid start"; $2 and $3 how many seconds pods and servers have. Does nothing without the file.
trap '' HUP INT TERM
cat >/dev/null
file=$1

pids() { sed -n "s/^$1 \([0-9][0-9]*\) .*/\1/p" "$file"; }

alive() {
  for pid in $1; do
    kill -0 "$pid" 2>/dev/null && return 0
  done
  return 1
}

finish() {
  [ -n "$1" ] || return 0
  # Unquoted on purpose: several process ids.
  kill -TERM $1 2>/dev/null
  left=$2
  while alive "$1" && [ "$left" -gt 0 ]; do
    sleep 1
    left=$((left - 1))
  done
  kill -KILL $1 2>/dev/null
}

[ -f "$file" ] || exit 0
finish "$(pids pod)" "$2"
finish "$(pids server)" "$3"
rm -f -- "$file"
