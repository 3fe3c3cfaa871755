# Theorem 2.2: N times the left side of (2.5) for several N, and the slope
# 8 (d-1)^2 (4d-1) that it has for 1 << t << N.
table = 'lln'
lib = ARG0[1:strlen(ARG0) - strlen('lln.gp')]
load lib.'style.inc'
width = 1200; height = 850
load lib.'terminal.inc'

stats file using 1 nooutput
last = STATS_max
stats file matrix nooutput
ncolumns = STATS_size_x
stats file using 3 nooutput
lowest = STATS_min
stats file using 2 nooutput
highest = STATS_max
set logscale xy
set format x power_of_ten
set format y power_of_ten
set xlabel 't (dimensionless)'
set ylabel 'N E (1/N) ∑_i |a*f(v^i) − (1/N) ∑_j a(v^i − v^j)|²'
set xrange [1e-3:last]
set yrange [lowest / 2:10 * highest]
set key top left
# more than six are told apart by dashes
plot for [c = 3:(ncolumns < 8 ? ncolumns : 8)] file using 1:(column(c)) \
         with lines linewidth 1.4 linecolor rgb colours[c - 2] \
         title column_name(c), \
     for [c = 9:ncolumns] file using 1:(column(c)) with lines linewidth 1.4 \
         dashtype 4 linecolor rgb colours[(c - 3) % 6 + 1] \
         title column_name(c), \
     file using 1:2 with lines linewidth 1 dashtype 2 linecolor rgb '#404040' \
         title 'slope  8 (d−1)² (4d−1) t'
