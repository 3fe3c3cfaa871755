# Proposition 3.2: C_2'(t) of the Gaussian below f, the smallest on the ball
# and that of the explicit subsolution; both tend to 1.
table = 'gaussian_lower'
lib = ARG0[1:strlen(ARG0) - strlen('gaussian_lower.gp')]
load lib.'style.inc'
width = 900; height = 640
load lib.'terminal.inc'

set xlabel 't (dimensionless)'
set ylabel 'C_2'."'".'(t)'
set xrange [0:*]
set key outside top center horizontal
plot file using 1:2 with linespoints linewidth 1.2 pointtype points[1] \
         linecolor rgb colours[1] title 'smallest on the ball', \
     file using 1:3 with linespoints linewidth 1.2 pointtype points[2] \
         linecolor rgb colours[2] title 'explicit', \
     1 with lines linewidth 0.8 dashtype 2 linecolor rgb '#404040' notitle
