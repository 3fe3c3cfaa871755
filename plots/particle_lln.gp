# The law of large numbers (2.5): N times the mean of X with its standard
# error, and the exact curves; below, the difference in standard errors.
table = 'particle_moments'
lib = ARG0[1:strlen(ARG0) - strlen('particle_lln.gp')]
load lib.'style.inc'
load lib.'particles.inc'
width = 1200; height = 1100
load lib.'terminal.inc'

set multiplot
set lmargin screen 0.12
set rmargin screen 0.97
set tmargin screen 0.97
set bmargin screen 0.42
set format x ''
set ylabel 'N × mean of X' offset 0.5, 0
set key top left
shade(b) = colours[(b - 1) % 6 + 1]
own = '' # the blocks of (1.3)
do for [b = 1:nblocks] { if (system[b] == 0) { own = own.sprintf(' %d', b) } }
if (words(own) == 0) { do for [b = 1:nblocks] { own = own.sprintf(' %d', b) } }
plot for [k = 1:words(own)] file index int(word(own, k)) - 1 \
         using 3:6 with lines linewidth 1.2 \
         linecolor rgb shade(k) notitle, \
     for [k = 1:words(own)] file index int(word(own, k)) - 1 \
         using 3:4:5 with yerrorbars linecolor rgb shade(k) \
         pointtype points[(k - 1) % 6 + 1] \
         title sprintf('N = %.0f', number[int(word(own, k))])

set tmargin screen 0.38
set bmargin screen 0.10
set format x '%g'
set xlabel 't (dimensionless)'
set ylabel 'difference / error' offset 0.5, 0
set yrange [-5:5]
unset key
plot 3 with lines linewidth 0.7 dashtype 2 linecolor rgb '#808080', \
     -3 with lines linewidth 0.7 dashtype 2 linecolor rgb '#808080', \
     for [k = 1:words(own)] file index int(word(own, k)) - 1 \
         using 3:(($4 - $6) / $5) with linespoints linewidth 0.7 \
         linecolor rgb shade(k) pointtype points[(k - 1) % 6 + 1]
unset multiplot
