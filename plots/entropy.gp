# Relative entropy to equilibrium over time.
table = 'entropy'
lib = ARG0[1:strlen(ARG0) - strlen('entropy.gp')]
load lib.'style.inc'
width = 1200; height = 850
load lib.'terminal.inc'

set xlabel 't (dimensionless)'
set ylabel 'relative entropy  ∫ f log(f/M) dv'
set xrange [0:*]
set logscale y
set format y power_of_ten
plot file using 1:($2 > 0 ? $2 : NaN) with linespoints linewidth 1.2 \
    linecolor rgb blue pointtype 7 notitle
