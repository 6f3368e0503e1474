-- method: Survival curve and Greenwood's error, maintained patients
-- source: R survival, survfit(Surv(time, status) ~ x, aml), data of Miller 1997, Survival Analysis
-- published: s9 = .909091, s13 = .818182, s18 = .715909, s23 = .613636, s31 = .490909, s34 = .368182, s48 = .184091
-- published: se9 = .086678, se13 = .116291, se18 = .139665, se23 = .152632, se31 = .164193, se34 = .162669, se48 = .153493
SELECT max(survival) FILTER (WHERE time = 9) AS s9, max(se) FILTER (WHERE time = 9) AS se9,
       max(survival) FILTER (WHERE time = 13) AS s13, max(se) FILTER (WHERE time = 13) AS se13,
       max(survival) FILTER (WHERE time = 18) AS s18, max(se) FILTER (WHERE time = 18) AS se18,
       max(survival) FILTER (WHERE time = 23) AS s23, max(se) FILTER (WHERE time = 23) AS se23,
       max(survival) FILTER (WHERE time = 31) AS s31, max(se) FILTER (WHERE time = 31) AS se31,
       max(survival) FILTER (WHERE time = 34) AS s34, max(se) FILTER (WHERE time = 34) AS se34,
       max(survival) FILTER (WHERE time = 48) AS s48, max(se) FILTER (WHERE time = 48) AS se48
FROM (SELECT expand(survival(weeks, relapsed)) FROM (VALUES ('yes', 9, 1), ('yes', 13, 1), ('yes', 13, 0), ('yes', 18, 1), ('yes', 23, 1), ('yes', 28, 0), ('yes', 31, 1), ('yes', 34, 1), ('yes', 45, 0), ('yes', 48, 1), ('yes', 161, 0),
             ('no', 5, 1), ('no', 5, 1), ('no', 8, 1), ('no', 8, 1), ('no', 12, 1), ('no', 16, 0), ('no', 23, 1), ('no', 27, 1), ('no', 30, 1), ('no', 33, 1), ('no', 43, 1), ('no', 45, 1)) AS aml(maintained, weeks, relapsed) WHERE maintained = 'yes');

-- method: Median survival
-- source: R survival, print of survfit(Surv(time, status) ~ x, aml), data of Miller 1997, Survival Analysis
-- published: maintained = 31, other = 23
SELECT survival_median(weeks, relapsed) FILTER (WHERE maintained = 'yes') AS maintained, survival_median(weeks, relapsed) FILTER (WHERE maintained = 'no') AS other
FROM (VALUES ('yes', 9, 1), ('yes', 13, 1), ('yes', 13, 0), ('yes', 18, 1), ('yes', 23, 1), ('yes', 28, 0), ('yes', 31, 1), ('yes', 34, 1), ('yes', 45, 0), ('yes', 48, 1), ('yes', 161, 0),
             ('no', 5, 1), ('no', 5, 1), ('no', 8, 1), ('no', 8, 1), ('no', 12, 1), ('no', 16, 0), ('no', 23, 1), ('no', 27, 1), ('no', 30, 1), ('no', 33, 1), ('no', 43, 1), ('no', 45, 1)) AS aml(maintained, weeks, relapsed);

-- method: Log-rank test
-- source: R survival, survdiff(Surv(time, status) ~ x, aml), data of Miller 1997, Survival Analysis
-- published: chi2 = 3.396389, df = 1, p = 0.0653393
SELECT expand(logrank(weeks, relapsed, maintained)) FROM (VALUES ('yes', 9, 1), ('yes', 13, 1), ('yes', 13, 0), ('yes', 18, 1), ('yes', 23, 1), ('yes', 28, 0), ('yes', 31, 1), ('yes', 34, 1), ('yes', 45, 0), ('yes', 48, 1), ('yes', 161, 0),
             ('no', 5, 1), ('no', 5, 1), ('no', 8, 1), ('no', 8, 1), ('no', 12, 1), ('no', 16, 0), ('no', 23, 1), ('no', 27, 1), ('no', 30, 1), ('no', 33, 1), ('no', 43, 1), ('no', 45, 1)) AS aml(maintained, weeks, relapsed);

-- method: Survival curve, 6-MP against leukaemia
-- source: Freireich et al. 1963, Blood 21, as worked in Kleinbaum & Klein, Survival Analysis, ch. 2
-- published: s6 = .8571, s7 = .8067, s10 = .7529, s13 = .6902, s16 = .6275, s22 = .5378, s23 = .4482
-- published: se6 = .0764, se7 = .0869, se10 = .0963, se13 = .1068, se16 = .1141, se22 = .1282, se23 = .1346
SELECT max(survival) FILTER (WHERE time = 6) AS s6, max(se) FILTER (WHERE time = 6) AS se6,
       max(survival) FILTER (WHERE time = 7) AS s7, max(se) FILTER (WHERE time = 7) AS se7,
       max(survival) FILTER (WHERE time = 10) AS s10, max(se) FILTER (WHERE time = 10) AS se10,
       max(survival) FILTER (WHERE time = 13) AS s13, max(se) FILTER (WHERE time = 13) AS se13,
       max(survival) FILTER (WHERE time = 16) AS s16, max(se) FILTER (WHERE time = 16) AS se16,
       max(survival) FILTER (WHERE time = 22) AS s22, max(se) FILTER (WHERE time = 22) AS se22,
       max(survival) FILTER (WHERE time = 23) AS s23, max(se) FILTER (WHERE time = 23) AS se23
FROM (SELECT expand(survival(weeks, relapsed)) FROM (VALUES (6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1), (17, 0), (19, 0), (20, 0),
             (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0)) AS treated(weeks, relapsed));

-- method: Log-log limits of a survival curve, placebo against leukaemia
-- source: Stata, sts list, on the data of Freireich et al. 1963, as printed by Rodriguez, Princeton, The Gehan survival data
-- published: s1 = 0.9048, s2 = 0.8095
-- published: se1 = 0.0641, se2 = 0.0857
-- published: low1 = 0.6700, low2 = 0.5689
-- published: high1 = 0.9753, high2 = 0.9239
SELECT max(survival) FILTER (WHERE time = 1) AS s1, max(se) FILTER (WHERE time = 1) AS se1, max(low) FILTER (WHERE time = 1) AS low1, max(high) FILTER (WHERE time = 1) AS high1,
       max(survival) FILTER (WHERE time = 2) AS s2, max(se) FILTER (WHERE time = 2) AS se2, max(low) FILTER (WHERE time = 2) AS low2, max(high) FILTER (WHERE time = 2) AS high2
FROM (SELECT expand(survival(weeks, relapsed)) FROM (VALUES (1, 1), (1, 1), (2, 1), (2, 1), (3, 1), (4, 1), (4, 1), (5, 1), (5, 1), (8, 1), (8, 1), (8, 1), (8, 1), (11, 1),
             (11, 1), (12, 1), (12, 1), (15, 1), (17, 1), (22, 1), (23, 1)) AS control(weeks, relapsed));

-- method: Survival at a time, with log-log limits
-- source: Stata, sts list, on the 6-MP patients of Freireich et al. 1963: week 10
-- published: survival = 0.7529, se = 0.0963, low = 0.5032, high = 0.8894
SELECT expand(survival_at(weeks, relapsed, 10)) FROM (VALUES (6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1), (17, 0), (19, 0), (20, 0),
             (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0)) AS treated(weeks, relapsed);

-- method: Log-rank test, 6-MP and placebo
-- source: R fastlogranktest 0.1, example of logrank_test, on the data of Freireich et al. 1963
-- published: chi2 = 16.79294, p = 4.168809e-05
SELECT expand(logrank(weeks, relapsed, placebo)) FROM (VALUES (0, 6, 1), (0, 6, 1), (0, 6, 1), (0, 6, 0), (0, 7, 1), (0, 9, 0), (0, 10, 1), (0, 10, 0), (0, 11, 0), (0, 13, 1), (0, 16, 1), (0, 17, 0),
             (0, 19, 0), (0, 20, 0), (0, 22, 1), (0, 23, 1), (0, 25, 0), (0, 32, 0), (0, 32, 0), (0, 34, 0), (0, 35, 0), (1, 1, 1), (1, 1, 1), (1, 2, 1),
             (1, 2, 1), (1, 3, 1), (1, 4, 1), (1, 4, 1), (1, 5, 1), (1, 5, 1), (1, 8, 1), (1, 8, 1), (1, 8, 1), (1, 8, 1), (1, 11, 1), (1, 11, 1),
             (1, 12, 1), (1, 12, 1), (1, 15, 1), (1, 17, 1), (1, 22, 1), (1, 23, 1)) AS remission(placebo, weeks, relapsed);

-- method: Log-rank test, two gliomas
-- source: SciPy, example of scipy.stats.logrank, on the data of Bland & Altman 2004, BMJ 328: statistic -2.73799
-- published: z = 2.73799, p = 0.00618
SELECT sqrt(chi2) AS z, p
FROM (SELECT expand(logrank(weeks, died, astrocytoma))
      FROM (VALUES (true, 6, 1), (true, 13, 1), (true, 21, 1), (true, 30, 1), (true, 37, 1), (true, 38, 1), (true, 49, 1), (true, 50, 1), (true, 63, 1), (true, 79, 1),
             (true, 86, 1), (true, 98, 1), (true, 202, 1), (true, 219, 1), (true, 31, 0), (true, 47, 0), (true, 80, 0), (true, 82, 0), (true, 82, 0), (true, 149, 0),
             (false, 10, 1), (false, 10, 1), (false, 12, 1), (false, 13, 1), (false, 14, 1), (false, 15, 1), (false, 16, 1), (false, 17, 1), (false, 18, 1), (false, 20, 1),
             (false, 24, 1), (false, 24, 1), (false, 25, 1), (false, 28, 1), (false, 30, 1), (false, 33, 1), (false, 35, 1), (false, 37, 1), (false, 40, 1), (false, 40, 1),
             (false, 46, 1), (false, 48, 1), (false, 76, 1), (false, 81, 1), (false, 82, 1), (false, 91, 1), (false, 112, 1), (false, 181, 1), (false, 34, 0), (false, 40, 0),
             (false, 70, 0)) AS glioma(astrocytoma, weeks, died));

-- method: Survival curve, discontinuation of an IUD
-- source: Collett, Modelling Survival Data in Medical Research, table 2.3 and 2.4
-- published: s10 = 0.9444, s19 = 0.8815, s30 = 0.8137, s36 = 0.7459, s59 = 0.6526, s75 = 0.5594, s93 = 0.4662, s97 = 0.3729, s107 = 0.2486
-- published: se10 = 0.0540, se19 = 0.0790, se30 = 0.0978, se36 = 0.1107, se59 = 0.1303, se75 = 0.1412, se93 = 0.1452, se97 = 0.1430, se107 = 0.1392
SELECT max(survival) FILTER (WHERE time = 10) AS s10, max(se) FILTER (WHERE time = 10) AS se10,
       max(survival) FILTER (WHERE time = 19) AS s19, max(se) FILTER (WHERE time = 19) AS se19,
       max(survival) FILTER (WHERE time = 30) AS s30, max(se) FILTER (WHERE time = 30) AS se30,
       max(survival) FILTER (WHERE time = 36) AS s36, max(se) FILTER (WHERE time = 36) AS se36,
       max(survival) FILTER (WHERE time = 59) AS s59, max(se) FILTER (WHERE time = 59) AS se59,
       max(survival) FILTER (WHERE time = 75) AS s75, max(se) FILTER (WHERE time = 75) AS se75,
       max(survival) FILTER (WHERE time = 93) AS s93, max(se) FILTER (WHERE time = 93) AS se93,
       max(survival) FILTER (WHERE time = 97) AS s97, max(se) FILTER (WHERE time = 97) AS se97,
       max(survival) FILTER (WHERE time = 107) AS s107, max(se) FILTER (WHERE time = 107) AS se107
FROM (SELECT expand(survival(weeks, stopped)) FROM (VALUES (10, 1), (13, 0), (18, 0), (19, 1), (23, 0), (30, 1), (36, 1), (38, 0), (54, 0),
             (56, 0), (59, 1), (75, 1), (93, 1), (97, 1), (104, 0), (107, 1), (107, 0), (107, 0)) AS iud(weeks, stopped));

-- method: Proportional hazards, age
-- source: R survival, tests/ovarian: coxph on the data ovarian (Edmunson et al. 1979), ties by Efron
-- published: age = 0.16162, hazard_ratio = 1.17541, se = 0.04974, z = 3.249, p = 0.00116, lr = 14.29
SELECT terms[1]['estimate'] AS age, terms[1]['hazard_ratio'] AS hazard_ratio, terms[1]['se'] AS se, terms[1]['z'] AS z, terms[1]['p'] AS p, 2 * (log_likelihood - null_log_likelihood) AS lr
FROM (SELECT expand(cox_fit(futime, fustat, age))
      FROM (VALUES (59, 1, 72.3315, 2, 1, 1), (115, 1, 74.4932, 2, 1, 1), (156, 1, 66.4658, 2, 1, 2), (421, 0, 53.3644, 2, 2, 1), (431, 1, 50.3397, 2, 1, 1),
             (448, 0, 56.4301, 1, 1, 2), (464, 1, 56.937, 2, 2, 2), (475, 1, 59.8548, 2, 2, 2), (477, 0, 64.1753, 2, 1, 1), (563, 1, 55.1781, 1, 2, 2),
             (638, 1, 56.7562, 1, 1, 2), (744, 0, 50.1096, 1, 2, 1), (769, 0, 59.6301, 2, 2, 2), (770, 0, 57.0521, 2, 2, 1), (803, 0, 39.2712, 1, 1, 1),
             (855, 0, 43.1233, 1, 1, 2), (1040, 0, 38.8932, 2, 1, 2), (1106, 0, 44.6, 1, 1, 1), (1129, 0, 53.9068, 1, 2, 1), (1206, 0, 44.2055, 2, 2, 1),
             (1227, 0, 59.589, 1, 2, 2), (268, 1, 74.5041, 2, 1, 2), (329, 1, 43.137, 2, 1, 1), (353, 1, 63.2192, 1, 2, 2), (365, 1, 64.4247, 2, 2, 1),
             (377, 0, 58.3096, 1, 2, 1)) AS ovarian(futime, fustat, age, resid_ds, rx, ecog_ps));

-- method: Proportional hazards, three regressors
-- source: R survival, tests/ovarian: coxph on the data ovarian (Edmunson et al. 1979), ties by Efron
-- published: age = 0.1470, age_se = 0.0463, age_p = 0.0015, rx = -0.8146, rx_se = 0.6342, rx_z = -1.285, ecog = 0.1032, ecog_p = 0.8649, lr = 15.92
SELECT terms[1]['estimate'] AS age, terms[1]['se'] AS age_se, terms[1]['p'] AS age_p, terms[2]['estimate'] AS rx, terms[2]['se'] AS rx_se, terms[2]['z'] AS rx_z, terms[3]['estimate'] AS ecog, terms[3]['p'] AS ecog_p, 2 * (log_likelihood - null_log_likelihood) AS lr
FROM (SELECT expand(cox_fit(futime, fustat, age, rx, ecog_ps))
      FROM (VALUES (59, 1, 72.3315, 2, 1, 1), (115, 1, 74.4932, 2, 1, 1), (156, 1, 66.4658, 2, 1, 2), (421, 0, 53.3644, 2, 2, 1), (431, 1, 50.3397, 2, 1, 1),
             (448, 0, 56.4301, 1, 1, 2), (464, 1, 56.937, 2, 2, 2), (475, 1, 59.8548, 2, 2, 2), (477, 0, 64.1753, 2, 1, 1), (563, 1, 55.1781, 1, 2, 2),
             (638, 1, 56.7562, 1, 1, 2), (744, 0, 50.1096, 1, 2, 1), (769, 0, 59.6301, 2, 2, 2), (770, 0, 57.0521, 2, 2, 1), (803, 0, 39.2712, 1, 1, 1),
             (855, 0, 43.1233, 1, 1, 2), (1040, 0, 38.8932, 2, 1, 2), (1106, 0, 44.6, 1, 1, 1), (1129, 0, 53.9068, 1, 2, 1), (1206, 0, 44.2055, 2, 2, 1),
             (1227, 0, 59.589, 1, 2, 2), (268, 1, 74.5041, 2, 1, 2), (329, 1, 43.137, 2, 1, 1), (353, 1, 63.2192, 1, 2, 2), (365, 1, 64.4247, 2, 2, 1),
             (377, 0, 58.3096, 1, 2, 1)) AS ovarian(futime, fustat, age, resid_ds, rx, ecog_ps));

-- method: Proportional hazards, ties by Efron
-- source: Therneau & Grambsch 2000, Modeling Survival Data, appendix E, test data 1; R survival, tests/book2
-- published: x = 1.676857
SELECT terms[1]['estimate'] AS x
FROM (SELECT expand(cox_fit(time, status, x)) FROM (VALUES (9, 1, 0), (1, 1, 1), (1, 0, 1), (6, 1, 1), (6, 1, 0), (8, 0, 0)) AS t(time, status, x));

-- method: Proportional hazards, 6-MP and placebo
-- source: R survival, coxph(Surv(time, cens) ~ treat, gehan), ties by Efron, in Venables & Ripley, MASS: data of Freireich et al. 1963
-- published: placebo = 1.57, hazard_ratio = 4.82, se = 0.412, z = 3.81, p = 0.00014, lr = 16.4
SELECT terms[1]['estimate'] AS placebo, terms[1]['hazard_ratio'] AS hazard_ratio, terms[1]['se'] AS se, terms[1]['z'] AS z, terms[1]['p'] AS p, 2 * (log_likelihood - null_log_likelihood) AS lr
FROM (SELECT expand(cox_fit(weeks, relapsed, placebo)) FROM (VALUES (0, 6, 1), (0, 6, 1), (0, 6, 1), (0, 6, 0), (0, 7, 1), (0, 9, 0), (0, 10, 1), (0, 10, 0), (0, 11, 0), (0, 13, 1), (0, 16, 1), (0, 17, 0),
             (0, 19, 0), (0, 20, 0), (0, 22, 1), (0, 23, 1), (0, 25, 0), (0, 32, 0), (0, 32, 0), (0, 34, 0), (0, 35, 0), (1, 1, 1), (1, 1, 1), (1, 2, 1),
             (1, 2, 1), (1, 3, 1), (1, 4, 1), (1, 4, 1), (1, 5, 1), (1, 5, 1), (1, 8, 1), (1, 8, 1), (1, 8, 1), (1, 8, 1), (1, 11, 1), (1, 11, 1),
             (1, 12, 1), (1, 12, 1), (1, 15, 1), (1, 17, 1), (1, 22, 1), (1, 23, 1)) AS remission(placebo, weeks, relapsed));
