# The smallest constants with which the statements hold, over time.
table = 'smallest_constants'
lib = ARG0[1:strlen(ARG0) - strlen('smallest_constants.gp')]
load lib.'style.inc'
width = 1500; height = 1000
load lib.'terminal.inc'

# Names of columns are plain text: C_0 and C' are not to be typeset.
plain(c) = column_name(c)
# A column that no check filled is empty.
full(c) = strlen(column_name(c)) > 0
ncolumns = 0
do for [c = 2:16] { if (full(c)) { ncolumns = c } }

set multiplot layout 1, 2 margins 0.065, 0.985, 0.10, 0.735 spacing 0.07, 0
set xlabel 't (dimensionless)'
set ylabel 'smallest constant on the ball' offset 1, 0
set xrange [0:*]
set key outside top left horizontal noenhanced maxcols 2 samplen 1.2
set yrange [0:*]
plot for [c = 2:6] file using 1:c with linespoints linewidth 1.1 \
    pointtype points[c - 1] linecolor rgb colours[c - 1] title plain(c), \
    for [c = 11:ncolumns] file using 1:c with linespoints linewidth 1.1 \
    dashtype 2 pointtype points[c - 10] linecolor rgb colours[c - 10] \
    title plain(c)
set yrange [*:*]
unset ylabel
plot for [c = 7:10] file using 1:c with linespoints linewidth 1.1 \
    pointtype points[c - 6] linecolor rgb colours[c - 6] title plain(c)
unset multiplot
