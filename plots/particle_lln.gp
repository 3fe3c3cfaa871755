# The law of large numbers (2.5): N times the mean of X with its standard
# error, and the exact curves; below, the difference in standard errors.
table = 'particle_moments'
lib = ARG0[1:strlen(ARG0) - strlen('particle_lln.gp')]
load lib.'style.inc'
load lib.'particles.inc'
width = 1000; height = 920
load lib.'terminal.inc'

own = '' # the blocks of (1.3)
do for [b = 1:nblocks] { if (system[b] == 0) { own = own.sprintf(' %d', b) } }
if (words(own) == 0) { do for [b = 1:nblocks] { own = own.sprintf(' %d', b) } }
block(k) = int(word(own, k))
shade(k) = colours[(k - 1) % 6 + 1]
shape(k) = points[(k - 1) % 6 + 1]
# beside each other, not on top
stats file using 3 nooutput
end = STATS_max
shift(k) = 0.012 * end * (k - 0.5 * (words(own) + 1)) / words(own)
# five standard errors, or as far as there are points
most = 5
do for [k = 1:words(own)] {
  stats file index block(k) - 1 \
      using ($5 > 0 ? 1.05 * abs(($4 - $6) / $5) : 0) nooutput
  most = STATS_max > most ? STATS_max : most
}

set multiplot
set lmargin screen 0.12
set rmargin screen 0.97
set tmargin screen 0.97
set bmargin screen 0.42
set xrange [-0.015 * end:1.015 * end]
set format x ''
set ylabel 'N × mean of X, X of (2.5)' offset 0.5, 0
set key top left
plot for [k = 1:words(own)] file index block(k) - 1 using 3:6 with lines \
         linewidth 1.2 linecolor rgb shade(k) notitle, \
     for [k = 1:words(own)] file index block(k) - 1 \
         using ($3 + shift(k)):4:5 with yerrorbars linecolor rgb shade(k) \
         pointtype shape(k) title 'N = '.size_label(number[block(k)]), \
     keyentry with lines linewidth 1.2 linecolor rgb '#404040' title 'exact for (1.3)'

set tmargin screen 0.38
set bmargin screen 0.11
set format x '%g'
set xlabel 't (dimensionless)'
set ylabel 'difference / std. error' offset 0.5, 0
set yrange [-most:most]
unset key
plot 3 with lines linewidth 0.7 dashtype 2 linecolor rgb '#808080', \
     -3 with lines linewidth 0.7 dashtype 2 linecolor rgb '#808080', \
     for [k = 1:words(own)] file index block(k) - 1 \
         using ($3 + shift(k)):(($4 - $6) / $5) with linespoints \
         linewidth 0.7 linecolor rgb shade(k) pointtype shape(k)
unset multiplot
