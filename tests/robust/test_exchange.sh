#!/usr/bin/env bash
# Results are exchanged all at once: a command that is killed before any of the
# calls by which it changes names on the disk leaves a directory that is wholly
# the old one or wholly the new one, after whatever command comes next there;
# and what the user keeps in it stays.
# Options are split at blanks; quotes and what is in them is for TOML.
# shellcheck disable=SC2086,SC2089,SC2090,SC2016,SC2010,SC2102,SC2143
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
[ -z "${LMX_SANITIZE_FLAGS:-}" ] || exit 77 # they want to be loaded first
"$CC" -shared -fPIC -O1 -o kill_at.so "$LMX_SOURCE_DIR/tests/robust/kill_at.c" \
  -ldl || fail "kill_at.c does not compile"
tiny="--quiet --set grid.points=[20,20] --set figures.enabled=false
  --set time.end=0.02 --set time.output=0.02 --set checks.list=[\"thm-2.3\"]"
main_case=$cases/anisotropic_gaussian_2d.toml

# content DIR: every file but for how long things took
content() {
  (cd "$1" && find . -path ./attempt -prune -o -type f -print | sort |
    while read -r file; do
      echo "== $file"
      case $file in
      *.json | *.txt | *.html)
        sed -E 's/[0-9.e-]+ s\b/T/g; /[Ss]econds/d
          s/"(setup|solve|check|write|wall)": [0-9.e-]+/T/' "$file" ;;
      *.h5) wc -c <"$file" ;;
      *.pdf) ;; # dated
      *) cksum <"$file" ;;
      esac
    done)
}

# killed_everywhere NAME NEXT COMMAND...: `old` is the directory before, the
# command works in `dir`; NEXT may change nothing
killed_everywhere() {
  local name=$1 next=$2 n code kept=0 new=0 step=5
  shift 2
  rm -rf dir
  cp -r old dir
  "$LANDAUMAX" "$@" >out 2>err || {
    fail "$name: $(cat err)"
    return
  }
  content old >old_content
  content dir >new_content
  cmp -s old_content new_content && fail "$name: changes nothing"
  # every fifth call while the results are built, then every one
  for ((n = 1; n < 400; n += step)); do
    rm -rf dir
    cp -r old dir
    code=0
    { LD_PRELOAD=$PWD/kill_at.so LMX_KILL_AT=$n "$LANDAUMAX" "$@" \
      >out 2>err; } 2>/dev/null || code=$?
    [ "$code" -ne 0 ] || break
    [ "$code" -eq 137 ] || fail "$name, call $n: exit code $code: $(cat err)"
    "$LANDAUMAX" $next >out 2>err </dev/null
    rm -rf dir/results.new # removed by whoever writes next
    find dir -name '*.tmp*' -delete
    content dir >now
    if cmp -s now old_content; then
      kept=$((kept + 1))
    elif cmp -s now new_content; then
      new=$((new + 1))
      if [ "$step" -gt 1 ]; then
        n=$((n - step))
        step=1
      fi
    else
      fail "$name: killed before call $n: neither old nor new"
      diff old_content now | head -5
    fi
    [ "$(cat dir/notes.txt dir/tables/mine.txt)" = "note
note" ] || fail "$name: killed before call $n: the user's files are gone"
  done
  echo "$name: $n calls, $kept kills left the old results, $new the new"
  [ "$kept" -ge 3 ] || fail "$name: only $kept kills left the old results"
  [ "$new" -ge 3 ] || fail "$name: only $new kills left the new results"
}

noted() {
  echo note >old/notes.txt
  echo note >old/tables/mine.txt
}

{
  expect 0 run "$main_case" --out old $tiny --set figures.enabled=true
  noted
  sed -i 's/^radius = .*/radius = 5/; s/^enabled = .*/enabled = false/' \
    old/case.toml
  killed_everywhere check "probe dir" check dir --quiet
  killed_everywhere run "probe dir" run "$main_case" --out dir $tiny \
    --set grid.points=[22,22]
  if command -v gnuplot >/dev/null; then
    sed -i 's/^format = .*/format = "pdf"/' old/case.toml
    killed_everywhere plot "probe dir" plot dir
  fi
  rm -rf old
  expect 0 moments "$main_case" --out old $tiny
  noted
  killed_everywhere moments "check dir" moments "$main_case" --out dir $tiny \
    --set time.end=0.03
  rm -rf old
  small="$tiny --set particles.number=[4] --set particles.replicas=4"
  expect 0 particles "$main_case" --out old $small
  noted
  killed_everywhere particles "check dir" particles "$main_case" --out dir \
    $small --set particles.seed=7
}
finish
