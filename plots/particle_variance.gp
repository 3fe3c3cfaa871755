# The empirical variance of each system with its standard error: noises shared
# as printed in (1.8) let the cloud collapse.
table = 'particle_variance'
lib = ARG0[1:strlen(ARG0) - strlen('particle_variance.gp')]
load lib.'style.inc'
load lib.'particles.inc'
width = 1100; height = 700
load lib.'terminal.inc'

stats file using 3 nooutput
end = STATS_max
stats file using ($3 == end ? $7 : NaN) nooutput
low = STATS_min
stats file using 4 nooutput
high = STATS_max
set xlabel 't (dimensionless)'
set logscale y
set xrange [-0.03 * end:1.03 * end]
set yrange [0.7 * low:1.4 * high]
if (high / low > 100) {
  set format y power_of_ten
} else {
  # more labels than the powers of ten
  do for [k = -12:3] { set ytics add (2 * 10.0**k, 5 * 10.0**k) }
  set mytics default
}
set rmargin screen 0.66
set key at screen 0.665, 0.955 left top
# the largest N of each system
largest(b) = b == nblocks ? 1 : system[b + 1] != system[b]
last = ''
do for [b = 1:nblocks] { if (largest(b)) { last = last.sprintf(' %d', b) } }
block(k) = int(word(last, k))
set ylabel 'mean of (1/N) ∑_i |v^i − p|²,  N = '.size_label(number[nblocks]) \
    offset 0.5, 0
code(k) = system[block(k)] + 1
shift(k) = 0.05 * end * (k - 0.5 * (words(last) + 1)) / words(last)
plot file index nblocks - 1 using 3:6 with lines linewidth 1.2 \
         linecolor rgb '#404040' title 'exact for (1.3)', \
     file index nblocks - 1 using 3:7 with lines linewidth 1.2 dashtype 2 \
         linecolor rgb '#404040' title 'exp(−2(d−1)t)', \
     for [k = 1:words(last)] file index block(k) - 1 \
         using ($3 + shift(k)):4:5 with yerrorbars \
         linecolor rgb colours[code(k)] pointtype points[code(k)] \
         title names[code(k)]
