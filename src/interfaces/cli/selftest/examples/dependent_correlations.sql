-- method: Four tests of two overlapping correlations
-- source: Silver, Hittner & May 2006, Applied Psychological Measurement 30 (DEPCOR): .3, .4, .5, n 100; in the tests of R cocor
-- published: williams_t = -1.0767, williams_p = 0.2843, dunn_clark_z = -1.0730, dunn_clark_p = 0.2833
-- published: steiger_z = -1.0718, steiger_p = 0.2838, meng_z = -1.0707, meng_p = 0.2843
SELECT expand(compare_correlations(0.3, 0.4, 0.5, 100));

-- method: Steiger's z
-- source: Steiger 1980, Psychological Bulletin 87, p. 249, case A, without the rounding of the paper (-.8913 there); tests of R cocor
-- published: steiger_z = -0.8887185
SELECT expand(compare_correlations(0.4, 0.5, 0.1, 103));

-- method: Meng, Rosenthal and Rubin's z
-- source: Meng, Rosenthal & Rubin 1992, Psychological Bulletin 111: .63, -.03, -.19, n 15; p one-sided
-- published: meng_z = 1.68, p = .047
SELECT meng_z, meng_p / 2 AS p FROM (SELECT expand(compare_correlations(0.63, -0.03, -0.19, 15)));

-- method: Dunn and Clark's z
-- source: spreadsheet of stat-help.com: .5, .6, .7, n 100; in the tests of R cocor
-- published: dunn_clark_z = -1.5838851123, dunn_clark_p = 0.1132198659
SELECT expand(compare_correlations(0.5, 0.6, 0.7, 100));

-- method: Zou's interval of the difference of two correlations
-- source: Zou 2007, Psychological Methods 12, p. 409: .396, .179, .088, n 66
-- published: zou_low = -.093, zou_high = .517
SELECT expand(compare_correlations(0.396, 0.179, 0.088, 66));

-- method: Meng, Rosenthal and Rubin's z as the measures move together
-- source: May & Hittner 1997, Psychological Reports 80, with the third digit of r5 by the tests of R cocor: .5 and .2, n 50, r between the measures 0 to .8
-- published: r0 = 1.62, r1 = 1.70, r2 = 1.80, r3 = 1.91, r4 = 2.06, r5 = 2.245, r6 = 2.50, r7 = 2.87, r8 = 3.50
SELECT (compare_correlations(0.5, 0.2, 0.0, 50))['meng_z'] AS r0, (compare_correlations(0.5, 0.2, 0.1, 50))['meng_z'] AS r1,
       (compare_correlations(0.5, 0.2, 0.2, 50))['meng_z'] AS r2, (compare_correlations(0.5, 0.2, 0.3, 50))['meng_z'] AS r3,
       (compare_correlations(0.5, 0.2, 0.4, 50))['meng_z'] AS r4, (compare_correlations(0.5, 0.2, 0.5, 50))['meng_z'] AS r5,
       (compare_correlations(0.5, 0.2, 0.6, 50))['meng_z'] AS r6, (compare_correlations(0.5, 0.2, 0.7, 50))['meng_z'] AS r7,
       (compare_correlations(0.5, 0.2, 0.8, 50))['meng_z'] AS r8;

-- method: Meng, Rosenthal and Rubin's z, stronger correlations
-- source: May & Hittner 1997, Psychological Reports 80: .7 and .4, n 50, r between the measures 0 to .8
-- published: r0 = 2.03, r1 = 2.10, r2 = 2.20, r3 = 2.32, r4 = 2.47, r5 = 2.66, r6 = 2.94, r7 = 3.35, r8 = 4.05
SELECT (compare_correlations(0.7, 0.4, 0.0, 50))['meng_z'] AS r0, (compare_correlations(0.7, 0.4, 0.1, 50))['meng_z'] AS r1,
       (compare_correlations(0.7, 0.4, 0.2, 50))['meng_z'] AS r2, (compare_correlations(0.7, 0.4, 0.3, 50))['meng_z'] AS r3,
       (compare_correlations(0.7, 0.4, 0.4, 50))['meng_z'] AS r4, (compare_correlations(0.7, 0.4, 0.5, 50))['meng_z'] AS r5,
       (compare_correlations(0.7, 0.4, 0.6, 50))['meng_z'] AS r6, (compare_correlations(0.7, 0.4, 0.7, 50))['meng_z'] AS r7,
       (compare_correlations(0.7, 0.4, 0.8, 50))['meng_z'] AS r8;
