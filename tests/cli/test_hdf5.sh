#!/usr/bin/env bash
# solution.h5 opens in another reader, the tools of HDF5, and holds there what
# the manual says: names, shapes, attributes, and the values that probe gives.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
command -v h5dump >/dev/null && command -v h5ls >/dev/null || {
  echo "no h5dump and h5ls on this machine (package hdf5-tools)"
  exit 77
}

expect 0 run "$cases/axisymmetric_gaussian_5d.toml" --out run --quiet \
  --set grid.points='[24, 20]' --set time.end=0.1 --set time.output=0.05 \
  --set solver.rtol=1e-6 --set solver.atol=1e-8 \
  --set checks.list='["eq-1.2"]' --set figures.enabled=false
h5ls -r run/solution.h5 >listing 2>err || fail "h5ls: $(cat err)"
is_empty err
shape() {
  grep -qE "^$1 +Dataset \{$2\}$" listing || {
    fail "$1 is not {$2}"
    cat listing
  }
}
shape /axis1 24
shape /axis2 20
shape /time 3
shape /trust_radius 3
shape /u "3, 24, 20"
shape /map/mean 5
shape /map/rotation "5, 5"

# attribute NAME VALUE
attribute() {
  h5dump -a "/$1" run/solution.h5 >dump || fail "no attribute $1"
  grep -qE "^ *\(0\): $2$" dump || fail "$1 is not $2: $(grep '(0)' dump)"
}
attribute format '"landaumax solution"'
attribute dimension 5
attribute naxes 2
attribute m 3
attribute order 12
attribute checkpoint 0
attribute formulation '"log"'
attribute axis2/kind '"radial"'

# u at the first node of the last time is log f there plus |v|^2/2 and
# (d/2) log(2 pi)
number() { # DATASET INDEX COUNT
  h5dump -m %.17g -d "/$1" -s "$2" -c "$3" run/solution.h5 |
    sed -n "s/^ *($2): //p"
}
x=$(number axis1 7 1)
y=$(number axis2 5 1)
u=$(number u 2,7,5 1,1,1)
echo "$x $y 0 0 0" >in
expect 0 probe run --coordinates normalised
awk -v x="$x" -v y="$y" -v u="$u" '{
  want = u - (x * x + y * y) / 2 - 2.5 * log(8 * atan2(1, 1))
  exit !($7 - want < 1e-12 && want - $7 < 1e-12 && u != 0)
}' out || fail "u = $u at ($x, $y), probe says $(cut -d' ' -f7 out)"

finish
