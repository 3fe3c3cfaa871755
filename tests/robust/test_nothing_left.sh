#!/usr/bin/env bash
# Wrong cases through the program: exit code 2, one line `file:line: key: ...`
# that names the right line, and nothing on disk.  The files of bad_cases/,
# and what is only found when the data meets the grid.
source "$LMX_SOURCE_DIR/tests/support.sh" || exit 1
bad=$LMX_SOURCE_DIR/tests/robust/bad_cases

# nothing ARGUMENTS...: refused with one line, the folder `gone/below` unmade
nothing() {
  expect 2 run --out gone/below "$@"
  [ "$(wc -l <err)" -eq 1 ] || fail "$*: not one line: $(cat err)"
  is_empty out
  [ ! -e gone ] || {
    fail "$*: something is left: $(find gone)"
    rm -r gone
  }
}

count=0
for file in "$bad"/*.toml; do
  nothing "$file"
  grep -qE "^$file:[0-9]+: [A-Za-z_.0-9\"\\[\\]-]+: " err ||
    grep -qE "^$file:[0-9]+: [^ ]+: " err ||
    fail "$(basename "$file"): $(cat err)"
  count=$((count + 1))
done
[ "$count" -ge 40 ] || fail "only $count wrong cases"

# late LINE KEY TEXT: the case on standard input is refused there
late() {
  cat >case.toml
  nothing case.toml
  says err "case.toml:$1: $2: "
  says err "$3"
}

late 4 initial.log_density "w" <<'END'
dimension = 2
[initial]
kind = "formula"
log_density = "-v1^2 - w^2"
END
late 5 initial.log_density "initial.log_density" <<'END'
dimension = 2
[initial]
kind = "formula"

log_density = "-v1^2 - "
END
late 4 initial.log_density "v3" <<'END'
dimension = 2
[initial]
kind = "formula"
log_density = "-v1^2 - v2^2 - v3^2"
END
late 4 initial.log_density "finite" <<'END'
dimension = 2
[initial]
kind = "formula"
log_density = "-r^2/2 + ln(v1)"
END
# finite where the moments are computed, not far out on the grid
late 4 initial.log_density "finite" <<'END'
dimension = 2
[initial]
kind = "formula"
log_density = "-r^2/2 + 1e-30*sqrt(72 - r^2)"
END
late 4 initial.log_density "initial.log_density" <<'END'
dimension = 2
[initial]
kind = "formula"
log_density = "r^2"
END
late 7 grid.points "order 16 needs at least 12" <<'END'
dimension = 2
[initial]
kind = "gaussian"
variances = [1.3, 0.7]
[grid]
order = 16
points = 10
END
late 6 grid.axes "not even in v1" <<'END'
dimension = 2
[initial]
kind = "mixture"
components = [{weight = 0.5, mean = [1.0, 0.0], variances = [0.3, 1.0]}, {weight = 1.0, mean = [-0.5, 0.0], variances = [0.5, 0.9]}]
[grid]
axes = ["mirrored", "mirrored"]
END
late 6 grid.axes "rotations" <<'END'
dimension = 2
[initial]
kind = "gaussian"
variances = [1.3, 0.7]
[grid]
axes = ["radial"]
END
late 6 grid.points "points" <<'END'
dimension = 2
[initial]
kind = "gaussian"
variances = [1.3, 0.7]
[grid]
points = [40, 40, 40]
END
late 7 grid.half_width "has 2 entries" <<'END'
dimension = 2
[initial]
kind = "radial_mixture"
weights = [0.75, 0.25]
variances = [0.8, 1.6]
[grid]
half_width = [9.0, 9.0]
END
sed -i 's/^half_width/points = 40\nhalf_width/' case.toml
nothing case.toml
says err "case.toml:8: grid.half_width: has 2 entries"
late 4 initial.path "nowhere/solution.h5" <<'END'
dimension = 2
[initial]
kind = "table"
path = "nowhere"
END
mkdir hollow
echo "not HDF5" >hollow/solution.h5
late 4 initial.path "hollow/solution.h5" <<'END'
dimension = 2
[initial]
kind = "table"
path = "hollow"
END
late 6 grid.axes "full" <<'END'
dimension = 2
[initial]
kind = "gaussian"
variances = [1.3, 0.7]
[grid]
axes = ["mirrored", "mirrored"]
[solver]
formulation = "density"
END
late 4 initial.normalise "mass" <<'END'
dimension = 2
[initial]
kind = "gaussian"
normalise = false
variances = [2.6, 1.4]
END
late 3 initial.kind "symmetric" <<'END'
dimension = 5
[initial]
kind = "gaussian"
variances = [1.4, 1.2, 1.0, 0.8, 0.6]
END

# a table of another dimension, and a box wider than the table's
expect 0 run "$cases/bkw_2d.toml" --out table --quiet --set time.end=0.01 \
  --set time.output=0.01 --set figures.enabled=false --set grid.half_width=8
late 1 dimension "the run to continue has 2" <<'END'
dimension = 3
[initial]
kind = "table"
path = "table"
END
late 6 grid.half_width "beyond the table" <<'END'
dimension = 2
[initial]
kind = "table"
path = "table"
[grid]
half_width = 11.0
END
# an override is its own place
cat >case.toml <<'END'
dimension = 2
[initial]
kind = "gaussian"
variances = [1.3, 0.7]
END
nothing case.toml --set 'grid.axes=["radial"]'
says err '--set grid.axes=["radial"]: grid.axes: '
nothing case.toml --set grid.points=5
says err '--set grid.points=5: grid.points: '
nothing case.toml --set time.end=-1
says err '--set time.end=-1: time.end: '

# the same through `converge`, which writes nothing in any case
expect 2 converge case.toml --set 'grid.axes=["radial"]'
[ "$(wc -l <err)" -eq 1 ] || fail "converge: not one line"

# what only the solver knows is found before a finished run is touched
cat >case.toml <<'END'
dimension = 2
[initial]
kind = "gaussian"
variances = [1.3, 0.7]
[grid]
points = 32
[time]
end = 0.01
output = 0.01
[figures]
enabled = false
[checks]
list = ["eq-3.5"]
[solver]
formulation = "density"
END
expect 0 run case.toml --out solved --quiet
cp -r solved before
for wrong in 'solver.preconditioner=lapped' 'grid.axes=["mirrored","mirrored"]' \
  grid.order=40 grid.points=2 initial.variances='[1.3,-0.7]'; do
  expect 2 run case.toml --out solved --quiet --set "$wrong"
  grep -qE '^(case.toml:[0-9]+|--set [^ ]+): [a-z_]+\.' err ||
    fail "$wrong: $(cat err)"
  diff -r before solved >/dev/null || fail "$wrong: the finished run has changed"
done
finish
