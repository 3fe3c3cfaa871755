# The smallest constants with which the statements hold, over time.
table = 'smallest_constants'
lib = ARG0[1:strlen(ARG0) - strlen('smallest_constants.gp')]
load lib.'style.inc'
width = 1700; height = 640
load lib.'terminal.inc'

# Names of columns are plain text: C_0 and C' are not to be typeset. A column
# that no check filled is empty.
plain(c) = column_name(c)
ncolumns = 0
do for [c = 2:16] { if (strlen(column_name(c)) > 0) { ncolumns = c } }

set multiplot
set tmargin screen 0.96
set bmargin screen 0.165
set xlabel 't (dimensionless)'
set ylabel 'smallest on the ball' offset 1, 0
set xrange [0:*]
set lmargin screen 0.075
set rmargin screen 0.325
set key at screen 0.33, 0.96 left top noenhanced
set yrange [0:*]
plot for [c = 2:6] file using 1:c with linespoints linewidth 1.1 \
    pointtype points[c - 1] linecolor rgb colours[c - 1] title plain(c), \
    for [c = 11:ncolumns] file using 1:c with linespoints linewidth 1.1 \
    dashtype 2 pointtype points[c - 10] linecolor rgb colours[c - 10] \
    title plain(c)
set lmargin screen 0.60
set rmargin screen 0.785
set key at screen 0.79, 0.96 left top noenhanced
set yrange [*:*]
unset ylabel
plot for [c = 7:10] file using 1:c with linespoints linewidth 1.1 \
    pointtype points[c - 6] linecolor rgb colours[c - 6] title plain(c)
unset multiplot
