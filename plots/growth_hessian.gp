# Theorem 2.4: |Hess log f|_F / (1 + t + |v|^2), largest on shells of |v|.
table = 'growth_hessian'
lib = ARG0[1:strlen(ARG0) - strlen('growth_hessian.gp')]
load lib.'style.inc'
width = 1200; height = 850
load lib.'terminal.inc'

set xlabel '|v| (dimensionless)'
set ylabel 'max |∇² log f|_F / (1 + t + |v|²)'
set xrange [0:*]
set yrange [0:*]
set key top right
plot for [i = 1:ncurves] file using \
    ($1 == curve_time(i) ? $2 : NaN):3 with lines linewidth 1.3 \
    linecolor palette frac curve_shade(i) title curve_title(i)
