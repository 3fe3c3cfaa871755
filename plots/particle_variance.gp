# The empirical variance of each system: noises shared as printed in (1.8) let
# the cloud collapse.
table = 'particle_variance'
lib = ARG0[1:strlen(ARG0) - strlen('particle_variance.gp')]
load lib.'style.inc'
load lib.'particles.inc'
width = 1200; height = 850
load lib.'terminal.inc'

set xlabel 't (dimensionless)'
set ylabel 'mean of (1/N) Σ |v^i − p|^2'
set logscale y
set format y power_of_ten
set key bottom left
# the largest N of each system
largest(b) = b == nblocks ? 1 : system[b + 1] != system[b]
last = ''
do for [b = 1:nblocks] { if (largest(b)) { last = last.sprintf(' %d', b) } }
shade(b) = colours[system[b] % 6 + 1]
plot for [k = 1:words(last)] file index int(word(last, k)) - 1 \
         using 3:4 with points linecolor rgb shade(int(word(last, k))) \
         pointtype points[system[int(word(last, k))] + 1] \
         title sprintf('%s, N = %.0f', names[system[int(word(last, k))] + 1], \
                       number[int(word(last, k))]), \
     file index nblocks - 1 using 3:5 with lines linewidth 1.2 \
         linecolor rgb '#404040' title 'exact for (1.3)', \
     file index nblocks - 1 using 3:6 with lines linewidth 1.2 dashtype 2 \
         linecolor rgb '#404040' title 'exp(−2(d−1)t)'
