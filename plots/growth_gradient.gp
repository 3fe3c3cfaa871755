# Theorem 2.3: |grad log f| / (1 + sqrt t + |v|), largest on shells of |v|.
table = 'growth_gradient'
ratio_label = '|∇ log f| / (1 + √t + |v|)'
lib = ARG0[1:strlen(ARG0) - strlen('growth_gradient.gp')]
load lib.'growth.inc'
