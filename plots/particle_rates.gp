# Distances between the law of one particle and f over N with two standard
# errors, their fitted exponents, and the paper's.
table = 'particle_rates'
lib = ARG0[1:strlen(ARG0) - strlen('particle_rates.gp')]
load lib.'style.inc'
width = 1000; height = 960
load lib.'terminal.inc'

slopes = dir.'/tables/particle_slopes.dat'
array labels = ['left side of (2.5)', 'coupling', 'W_2, first components', \
                'L^1', 'H_1, smooth', 'H_1, neighbours']
array slope[6]
array low[6]
array high[6]
array claim[6]
array first[6] # the value for the smallest N
do for [q = 1:6] {
  s = NaN; l = NaN; h = NaN; c = NaN; f = NaN
  stats slopes using ($1 == q ? (s = $2, l = $3, h = $4, c = $5, 0) : 0) \
      nooutput
  stats file using (column(2 * q)) every ::0:0:0:0 nooutput
  slope[q] = s; low[q] = l; high[q] = h; claim[q] = c
  first[q] = STATS_min > 0 ? STATS_min : NaN
}
stats file using 1 nooutput
least = STATS_min; most = STATS_max
set logscale xy
set format y power_of_ten
set xlabel 'number of particles N'
set ylabel 'distance at the last time (dimensionless)' offset 0.5, 0
set xrange [least / 1.3:most * 1.3]
set xtics () # the numbers themselves
set key outside below maxcols 1 height 1
minus(x) = (x < 0 ? '−' : '').sprintf('%.2f', abs(x))
# not a number: noise left no interval
interval(q) = low[q] == low[q] ? \
    '95 % ['.minus(low[q]).', '.minus(high[q]).']' : 'no interval'
entry(q) = sprintf('%s:  N^{%s},  %s,  paper %s', labels[q], \
                   minus(slope[q]), interval(q), minus(claim[q]))
shown(y) = y > 0 ? y : NaN
plot for [q = 1:5] first[q] * (x / least)**claim[q] with lines \
         linewidth 0.8 dashtype 3 linecolor rgb colours[q] notitle, \
     for [q = 1:5] file using 1:(shown(column(2 * q))):\
         (2 * column(2 * q + 1)):xticlabels(1) with yerrorbars \
         linecolor rgb colours[q] pointtype points[q] title entry(q), \
     for [q = 1:5] file using 1:(shown(column(2 * q))) \
         with lines linewidth 0.7 linecolor rgb colours[q] notitle, \
     keyentry with lines linewidth 0.8 dashtype 3 linecolor rgb '#404040' \
         title 'the paper’s exponent through the first point'
