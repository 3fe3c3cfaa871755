# What single paths conserve: momentum and energy of the Kac-type system, the
# decaying variance of (1.8) as printed.
table = 'particle_invariants'
lib = ARG0[1:strlen(ARG0) - strlen('particle_invariants.gp')]
load lib.'style.inc'
width = 1000; height = 740
load lib.'terminal.inc'

stats file using 2 nooutput
least = STATS_min; most = STATS_max
set xlabel 'number of particles N'
set ylabel 'largest deviation' offset 0.5, 0
set logscale xy
set format y power_of_ten
set xrange [least / 2:most * 2]
set xtics () # the numbers themselves
set yrange [1e-17:*]
set key outside below maxcols 1 height 1
plot file using 2:(int($1) == 4 && $3 > 0 ? $3 : NaN):xticlabels(2) with points \
         pointsize 1.6 linecolor rgb blue pointtype 7 \
         title 'Kac type: momentum', \
     file using 2:(int($1) == 4 && $4 > 0 ? $4 : NaN) with points \
         pointsize 1.6 linecolor rgb vermillion pointtype 5 \
         title 'Kac type: energy, relative', \
     file using 2:(int($1) == 3 && $5 > 0 ? $5 : NaN) with points \
         pointsize 1.6 linecolor rgb green pointtype 9 \
         title '(1.8) as printed: variance off its decay, over the energy'
