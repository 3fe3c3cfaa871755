# Theorem 2.4: its auxiliary function over f, at most 0.
which = 'hessian'
lib = ARG0[1:strlen(ARG0) - strlen('bernstein_hessian.gp')]
load lib.'bernstein.inc'
