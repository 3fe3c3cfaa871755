# Theorem 1.7 as a number: the bound of H_N for several N; for f0 = M also the
# known bounds from both sides.
table = 'entropy_bound'
lib = ARG0[1:strlen(ARG0) - strlen('entropy_bound.gp')]
load lib.'style.inc'
width = 1000; height = 740
load lib.'terminal.inc'

# One block for each N, beginning at t = 0; the limit has H_N = 0.
nblocks = 0
stats file using (nblocks = nblocks + (column(1) == 0), 1) nooutput
set logscale y
set format y power_of_ten
set xlabel 't (dimensionless)'
set ylabel 'relative entropy per particle, H_N' offset 0.5, 0
set xrange [0:*]
set key outside right samplen 2
known = 0
stats file using (known = known + (column(7) > 0), 1) nooutput
array sizes[nblocks]
do for [k = 1:nblocks] {
  sizes[k] = NaN
  stats file using (sizes[k] = column(2), 1) every :::(k - 1)::(k - 1) nooutput
}
name(k) = sizes[k] < 1e300 ? 'N = '.size_label(sizes[k]) : ''
shade(k) = colours[(k - 1) % 6 + 1]
shown(y) = y > 0 ? y : NaN
grey = '#404040'
plot for [k = 1:nblocks] file using 1:(shown(column(5))) \
         every :::(k - 1)::(k - 1) with lines linewidth 1.4 \
         linecolor rgb shade(k) title name(k), \
     for [k = 1:(known > 0 ? nblocks : 0)] \
         file using 1:(shown(column(8) / column(2))) \
         every :::(k - 1)::(k - 1) with lines linewidth 1 dashtype 2 \
         linecolor rgb shade(k) notitle, \
     for [k = 1:(known > 0 ? nblocks : 0)] \
         file using 1:(shown(column(7) / column(2))) \
         every :::(k - 1)::(k - 1) with lines linewidth 1 dashtype 3 \
         linecolor rgb shade(k) notitle, \
     for [i = 1:1] keyentry with lines linewidth 1.4 linecolor rgb grey \
         title 'Theorem 1.7', \
     for [i = 1:(known > 0 ? 1 : 0)] keyentry with lines linewidth 1 \
         dashtype 2 linecolor rgb grey title 'f_0 = M: at most', \
     for [i = 1:(known > 0 ? 1 : 0)] keyentry with lines linewidth 1 \
         dashtype 3 linecolor rgb grey title 'f_0 = M: at least'
