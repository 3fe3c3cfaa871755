# Directional temperatures: measured against the closed form (3.4), and their
# difference.
table = 'temperatures'
lib = ARG0[1:strlen(ARG0) - strlen('temperatures.gp')]
load lib.'style.inc'
width = 900; height = 760
load lib.'terminal.inc'

# columns: t, then E_a measured and closed form for each a
naxes = 0
do for [a = 1:6] {
  if (column_name(2 * a + 1) ne '') { naxes = a }
}

# The closed form is 1 + D_a exp(-4 d t): D_a from its first row, d from the
# title of the table.
title = ''
set datafile separator "\001"
set datafile commentschars ''
stats file index 0 every ::0:0:0:0 using (title = strcol(1), 0) nooutput
set datafile commentschars '#'
set datafile separator whitespace
title = title[strstrt(title, 'd = ') + 4:*]
rate = 4.0 * real(title[1:strstrt(title, ',') - 1])
array D[naxes]
isotropic = 1
do for [a = 1:naxes] {
  stats file using (column(2 * a + 1) - 1.0) every ::0:0:0:0 nooutput
  D[a] = STATS_min
  if (abs(D[a]) > 1e-6) { isotropic = 0 }
}
end = real(word(times, ntimes))

set xrange [0:(end > 0 ? end : 1)]
set samples 400
set multiplot
set lmargin screen 0.16
set rmargin screen 0.97

set tmargin screen 0.86
set bmargin screen 0.43
set format x ''
set ylabel 'temperature E_a' offset 0.5, 0
set key outside top center horizontal maxcols 2
if (isotropic) { set yrange [0.5:1.5] }
plot for [a = 1:naxes] 1 + D[a] * exp(-rate * x) with lines linewidth 1.2 \
         linecolor rgb colours[a] title sprintf('E_%d, closed form', a), \
     for [a = 1:naxes] file using 1:(column(2 * a)) with points \
         pointtype points[a] linecolor rgb colours[a] \
         title sprintf('E_%d, measured', a)

set tmargin screen 0.39
set bmargin screen 0.14
set format x '%g'
set xlabel 't (dimensionless)'
set ylabel '|difference|' offset 0.5, 0
set logscale y
set format y power_of_ten
set yrange [*:*]
unset key
# what is below 1e-17 is drawn there
difference(x, y) = abs(x - y) > 1e-17 ? abs(x - y) : 1e-17
# at most five labels
lowest = 1; highest = 1e-17
do for [a = 1:naxes] {
  stats file using (difference(column(2 * a), column(2 * a + 1))) nooutput
  lowest = STATS_min < lowest ? STATS_min : lowest
  highest = STATS_max > highest ? STATS_max : highest
}
set ytics 10**ceil((log10(highest / lowest) + 2) / 6)
plot for [a = 1:naxes] file using \
    1:(difference(column(2 * a), column(2 * a + 1))) \
    with linespoints linewidth 1.0 linecolor rgb colours[a] \
    pointtype points[a] notitle
unset multiplot
