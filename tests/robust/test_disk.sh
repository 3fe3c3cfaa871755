#!/usr/bin/env bash
# A disk that is full at any moment, folders that cannot be written, names that
# are taken: exit code 4 (2 for what is not ours), one message, and only whole
# files.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
trap 'umount "$work/disk" 2>/dev/null; rm -rf "$work"' EXIT

# 40 x 40 nodes: 13 KB a state, 11 states; checkpoints all the time
program_run="run $cases/anisotropic_gaussian_2d.toml --quiet
  --set grid.points=40 --set time.end=0.01 --set time.output=0.001
  --checkpoint 0.001"
no_figures="--set figures.enabled=false"

one_line() {
  [ "$(wc -l <err)" -eq 1 ] || {
    fail "not one message:"
    sed 's/^/  | /' err
  }
}

# --- a limit on the size of files ------------------------------------------
# (1024-byte blocks) fails in the solution, the checkpoint, the reports
for blocks in 0 4 14 40 110; do
  # shellcheck disable=SC2086
  (ulimit -f "$blocks" && exec "$LANDAUMAX" $program_run $no_figures \
    --out "limit$blocks") 2>&1 >out | cat >err
  got=${PIPESTATUS[0]}
  [ "$got" -eq 4 ] || fail "files of at most $blocks KB: exit code $got"
  one_line
  says err "File too large"
  is_empty out
  [ ! -d "limit$blocks" ] || sound "limit$blocks"
done
[ ! -e limit0 ] || fail "a folder in which nothing could be written is left"
# with room again, what was done is used
[ -s limit110/checkpoint.h5 ] || fail "no checkpoint from before the limit"
# shellcheck disable=SC2086
expect 0 $program_run $no_figures --out limit110 --resume
whole limit110

# --- a full disk -----------------------------------------------------------
mkdir disk
full_disk() { # full_disk KB: runs on a disk of that size; leaves code in `got`
  mount -t tmpfs -o "size=$1k" none disk || return 1
  got=0
  # shellcheck disable=SC2086
  "$LANDAUMAX" $program_run --out disk/run $2 >out 2>err || got=$?
}
if mount -t tmpfs -o size=4k none disk 2>/dev/null; then
  umount disk
  need=$(du -sk limit110 | cut -f 1)
  for size in 4 20 60 $((need / 4)) $((need / 2)) $((need - 40)) \
    $((need * 2)); do
    full_disk "$size" "$no_figures"
    want=4
    [ "$size" -le "$need" ] || want=0
    [ "$got" -eq "$want" ] || fail "a disk of $size KB: exit code $got"
    if [ "$got" -eq 0 ]; then
      whole disk/run
    else
      one_line
      says err "No space left on device"
      is_empty out
      [ ! -d disk/run ] || sound disk/run
    fi
    umount disk
  done
  # a disk that is full in the figures: everything else is there
  if command -v gnuplot >/dev/null && [ -d "$LMX_SOURCE_DIR/plots" ]; then
    full_disk $((need + 100)) ""
    [ "$got" -eq 4 ] || fail "a disk that is full in the figures: code $got"
    says err "cannot write disk/run/results.new/figures/"
    says err "No space left on device"
    one_line
    whole disk/run
    umount disk
  fi
else
  echo "no disk can be mounted: a full one is only imitated"
fi

# --- folders that cannot be made or written --------------------------------
echo text >file
for target in file file/below file/below/deeper; do
  # shellcheck disable=SC2086
  refuses 4 "$target" $program_run $no_figures --out "$target"
  one_line
done
[ "$(cat file)" = text ] || fail "a file in the way was touched"
if [ "$(id -u)" -ne 0 ]; then
  mkdir locked
  chmod a-w locked
  for target in locked locked/below; do
    # shellcheck disable=SC2086
    refuses 4 "Permission denied" $program_run $no_figures --out "$target"
    one_line
  done
  chmod u+w locked
  [ -z "$(ls locked)" ] || fail "something in a locked folder"
fi
if [ -d /proc/self ]; then # nobody can write there
  # shellcheck disable=SC2086
  refuses 4 "/proc/landaumax" $program_run $no_figures --out /proc/landaumax
  one_line
fi
# taken names inside a run folder
# shellcheck disable=SC2086
expect 0 $program_run $no_figures --out whole_run
whole whole_run
rm -r whole_run/tables
echo text >whole_run/tables
refuses 4 "whole_run/tables" check whole_run
one_line
rm whole_run/tables whole_run/report.txt
mkdir whole_run/report.txt
refuses 4 "whole_run/report.txt" check whole_run
one_line
rmdir whole_run/report.txt
expect 0 check whole_run
whole whole_run

# --- folders that are somebody else's --------------------------------------
mkdir theirs
echo precious >theirs/solution.h5
# shellcheck disable=SC2086
refuses 2 "not a run directory" $program_run $no_figures --out theirs
one_line
# shellcheck disable=SC2086
refuses 2 "not a run directory" $program_run $no_figures --out theirs --resume
[ "$(ls theirs; cat theirs/*)" = "solution.h5
precious" ] || fail "a foreign folder was changed"
# what the user adds to a run folder stays there
echo note >whole_run/notes.txt
echo note >whole_run/tables/mine.txt
# shellcheck disable=SC2086
expect 0 $program_run $no_figures --out whole_run
for file in notes.txt tables/mine.txt; do
  [ -s "whole_run/$file" ] || fail "the user's own $file is gone"
done
# an empty folder is as good as none
mkdir empty
# shellcheck disable=SC2086
expect 0 $program_run $no_figures --out empty/
whole empty

finish
