# Theorem 2.3: |grad log f| / (1 + sqrt t + |v|), largest on shells of |v|.
table = 'growth_gradient'
lib = ARG0[1:strlen(ARG0) - strlen('growth_gradient.gp')]
load lib.'style.inc'
width = 1200; height = 850
load lib.'terminal.inc'

set xlabel '|v| (dimensionless)'
set ylabel 'max |∇ log f| / (1 + √t + |v|)'
set xrange [0:*]
set yrange [0:*]
set key bottom right
plot for [i = 1:ncurves] file using \
    ($1 == curve_time(i) ? $2 : NaN):3 with lines linewidth 1.3 \
    linecolor palette frac curve_shade(i) title curve_title(i)
