# Relative entropy to equilibrium over time.
table = 'entropy'
lib = ARG0[1:strlen(ARG0) - strlen('entropy.gp')]
load lib.'style.inc'
width = 900; height = 640
load lib.'terminal.inc'

set xlabel 't (dimensionless)'
set ylabel 'relative entropy  ∫ f log(f/M) dv'
set xrange [0:*]
set key top right
# Near equilibrium H is below its error and may come out 0 or negative.
positive = 0
negative = 0
stats file using (positive = positive + ($2 > 0), \
                  negative = negative + ($2 < 0), 1) nooutput
if (positive > 0) {
  set logscale y
  set format y power_of_ten
}
if (positive > 0 && negative > 0) {
  plot file using 1:($2 > 0 ? $2 : NaN) with linespoints linewidth 1.2 \
           linecolor rgb blue pointtype 7 title 'H', \
       file using 1:($2 < 0 ? -$2 : NaN) with points linecolor rgb blue \
           pointtype 6 title '−H, where H is negative by its error'
} else {
  plot file using 1:2 with linespoints linewidth 1.2 linecolor rgb blue \
      pointtype 7 notitle
}
