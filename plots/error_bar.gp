# The bound of the error of log f by the maximum principle, its parts, and the
# true error.
table = 'error_bar'
lib = ARG0[1:strlen(ARG0) - strlen('error_bar.gp')]
load lib.'style.inc'
width = 900; height = 640
load lib.'terminal.inc'

set xlabel 't (dimensionless)'
set ylabel 'error of log f in the ball'
set xrange [0:*]
set logscale y
set format y power_of_ten
set key outside top center horizontal maxcols 3
# what is below 1e-17, as all is at t = 0, is not drawn, nor an infinite bar
positive(x) = x > 1e-17 && x < 1e300 ? x : NaN
found = 0
do for [c = 2:6] {
  stats file using (found = found + (column(c) > 1e-17 ? 1 : 0), 0) nooutput
}
if (found == 0) { set yrange [1e-17:1] }
array label[5]
label[1] = 'true error'; label[2] = 'error bar'; label[3] = 'residual'
label[4] = 'time steps'; label[5] = 'from beyond'
plot for [c = 2:3] file using 1:(positive(column(c))) with linespoints \
         linewidth 1.4 pointtype points[c - 1] linecolor rgb colours[c - 1] \
         title label[c - 1], \
     for [c = 4:6] file using 1:(positive(column(c))) with linespoints \
         linewidth 0.9 dashtype 2 pointtype points[c - 1] \
         linecolor rgb colours[c - 1] title label[c - 1]
