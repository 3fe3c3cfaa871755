# Theorem 2.4: |Hess log f|_F / (1 + t + |v|^2), largest on shells of |v|.
table = 'growth_hessian'
ratio_label = '|∇² log f|_F / (1 + t + |v|²)'
lib = ARG0[1:strlen(ARG0) - strlen('growth_hessian.gp')]
load lib.'growth.inc'
