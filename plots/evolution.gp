# (3.7): the change of log f between output times that the right-hand side does
# not account for, and what is granted.
table = 'evolution'
lib = ARG0[1:strlen(ARG0) - strlen('evolution.gp')]
load lib.'style.inc'
width = 900; height = 640
load lib.'terminal.inc'

set xlabel 't at the end of the interval (dimensionless)'
set ylabel 'unexplained change, largest in the ball'
set xrange [0:*]
set logscale y
set format y power_of_ten
set key outside top center horizontal
positive(x) = x > 1e-17 ? x : 1e-17
plot file using 1:(positive($2)) with linespoints linewidth 1.2 \
         pointtype points[1] linecolor rgb colours[1] title 'defect', \
     file using 1:(positive($3)) with linespoints linewidth 1.2 \
         pointtype points[2] linecolor rgb colours[2] title 'granted'
