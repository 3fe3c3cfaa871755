# The smallest constants with which the statements hold, over time.
table = 'smallest_constants'
lib = ARG0[1:strlen(ARG0) - strlen('smallest_constants.gp')]
load lib.'style.inc'
width = 2000; height = 640
load lib.'terminal.inc'

ncolumns = 0
do for [c = 2:16] { if (strlen(column_name(c)) > 0) { ncolumns = c } }
# Columns of statements that were not asked for have no numbers: no entry in
# the key, and without those of F-grad and F-hess no second panel.
array numbers[16]
do for [c = 2:ncolumns] {
    numbers[c] = 0
    stats file using (numbers[c] = numbers[c] + (column(c) == column(c)), 1) \
        nooutput
}
# Names of columns are plain text: C_0 and C' are not to be typeset.
plain(c) = numbers[c] > 0 ? column_name(c) : ''

set multiplot
set tmargin screen 0.96
set bmargin screen 0.165
set xlabel 't (dimensionless)'
set ylabel 'smallest on the ball' offset 1, 0
set xrange [0:*]
set lmargin screen 0.065
set rmargin screen 0.305
set key at screen 0.31, 0.96 left top noenhanced
set yrange [0:*]
plot for [c = 2:6] file using 1:c with linespoints linewidth 1.1 \
    pointtype points[c - 1] linecolor rgb colours[c - 1] title plain(c), \
    for [c = 11:ncolumns] file using 1:c with linespoints linewidth 1.1 \
    dashtype 2 pointtype points[c - 10] linecolor rgb colours[c - 10] \
    title plain(c)
set lmargin screen 0.575
set rmargin screen 0.82
set key at screen 0.825, 0.96 left top noenhanced
set yrange [*:*]
unset ylabel
if (numbers[7] + numbers[8] + numbers[9] + numbers[10] > 0) {
    plot for [c = 7:10] file using 1:c with linespoints linewidth 1.1 \
        pointtype points[c - 6] linecolor rgb colours[c - 6] title plain(c)
}
unset multiplot
