-- method: Adjusted p-values, Benjamini and Hochberg
-- source: Benjamini & Hochberg 1995, Journal of the Royal Statistical Society B 57, as in the example of scipy.stats.false_discovery_control
-- published: p1 = 0.0015, p2 = 0.003, p3 = 0.0095, p4 = 0.035625, p5 = 0.0603, p6 = 0.06385714, p7 = 0.06385714, p8 = 0.0645, p9 = 0.0765, p10 = 0.486, p11 = 0.58118182, p12 = 0.714875, p13 = 0.75323077, p14 = 0.81321429
SELECT max(a) FILTER (WHERE i = 1) AS p1, max(a) FILTER (WHERE i = 2) AS p2, max(a) FILTER (WHERE i = 3) AS p3, max(a) FILTER (WHERE i = 4) AS p4,
       max(a) FILTER (WHERE i = 5) AS p5, max(a) FILTER (WHERE i = 6) AS p6, max(a) FILTER (WHERE i = 7) AS p7, max(a) FILTER (WHERE i = 8) AS p8,
       max(a) FILTER (WHERE i = 9) AS p9, max(a) FILTER (WHERE i = 10) AS p10, max(a) FILTER (WHERE i = 11) AS p11, max(a) FILTER (WHERE i = 12) AS p12,
       max(a) FILTER (WHERE i = 13) AS p13, max(a) FILTER (WHERE i = 14) AS p14
FROM (SELECT i, p_adjust(p) OVER () AS a
      FROM (VALUES (1, 0.0001), (2, 0.0004), (3, 0.0019), (4, 0.0095), (5, 0.0201), (6, 0.0278), (7, 0.0298), (8, 0.0344), (9, 0.0459), (10, 0.3240), (11, 0.4262), (12, 0.5719),
                   (13, 0.6528), (14, 0.7590), (15, 1.0)) AS t(i, p));

-- method: Rejected at a false discovery rate of .05, and by Bonferroni
-- source: Benjamini & Hochberg 1995, Journal of the Royal Statistical Society B 57: fifteen p-values of a thrombolysis trial
-- published: bh = 4, bonferroni = 3
SELECT count(*) FILTER (WHERE a <= 0.05) AS bh, count(*) FILTER (WHERE b <= 0.05) AS bonferroni
FROM (SELECT p_adjust(p) OVER () AS a, p_adjust(p, 'bonferroni') OVER () AS b
      FROM (VALUES (1, 0.0001), (2, 0.0004), (3, 0.0019), (4, 0.0095), (5, 0.0201), (6, 0.0278), (7, 0.0298), (8, 0.0344), (9, 0.0459), (10, 0.3240), (11, 0.4262), (12, 0.5719),
                   (13, 0.6528), (14, 0.7590), (15, 1.0)) AS t(i, p));

-- method: Adjusted p-values, Holm, ten tests
-- source: R multtest (mt.rawp2adjp), in the tests of statsmodels multipletests
-- published: p1 = 0.01, p2 = 0.018, p3 = 0.024, p4 = 0.028, p5 = 0.03, p6 = 0.25, p7 = 0.25, p8 = 0.25, p9 = 0.25, p10 = 0.25
SELECT max(a) FILTER (WHERE i = 1) AS p1, max(a) FILTER (WHERE i = 2) AS p2, max(a) FILTER (WHERE i = 3) AS p3, max(a) FILTER (WHERE i = 4) AS p4,
       max(a) FILTER (WHERE i = 5) AS p5, max(a) FILTER (WHERE i = 6) AS p6, max(a) FILTER (WHERE i = 7) AS p7, max(a) FILTER (WHERE i = 8) AS p8,
       max(a) FILTER (WHERE i = 9) AS p9, max(a) FILTER (WHERE i = 10) AS p10
FROM (SELECT i, p_adjust(p, 'holm') OVER () AS a
      FROM (VALUES (1, 0.001), (2, 0.002), (3, 0.003), (4, 0.004), (5, 0.005), (6, 0.05), (7, 0.06), (8, 0.07), (9, 0.08), (10, 0.09)) AS t(i, p));

-- method: Adjusted p-values, Benjamini and Hochberg, ten tests
-- source: R multtest (mt.rawp2adjp), in the tests of statsmodels multipletests
-- published: p1 = 0.01, p2 = 0.01, p3 = 0.01, p4 = 0.01, p5 = 0.01, p6 = 0.08333333333333334, p7 = 0.0857142857142857, p8 = 0.0875, p9 = 0.0888888888888889, p10 = 0.09
SELECT max(a) FILTER (WHERE i = 1) AS p1, max(a) FILTER (WHERE i = 2) AS p2, max(a) FILTER (WHERE i = 3) AS p3, max(a) FILTER (WHERE i = 4) AS p4,
       max(a) FILTER (WHERE i = 5) AS p5, max(a) FILTER (WHERE i = 6) AS p6, max(a) FILTER (WHERE i = 7) AS p7, max(a) FILTER (WHERE i = 8) AS p8,
       max(a) FILTER (WHERE i = 9) AS p9, max(a) FILTER (WHERE i = 10) AS p10
FROM (SELECT i, p_adjust(p, 'bh') OVER () AS a
      FROM (VALUES (1, 0.001), (2, 0.002), (3, 0.003), (4, 0.004), (5, 0.005), (6, 0.05), (7, 0.06), (8, 0.07), (9, 0.08), (10, 0.09)) AS t(i, p));

-- method: Adjusted p-values, Benjamini and Yekutieli, ten tests
-- source: R multtest (mt.rawp2adjp), in the tests of statsmodels multipletests
-- published: p1 = 0.02928968253968254, p2 = 0.02928968253968254, p3 = 0.02928968253968254, p4 = 0.02928968253968254, p5 = 0.02928968253968254, p6 = 0.2440806878306878, p7 = 0.2510544217687075, p8 = 0.2562847222222222, p9 = 0.2603527336860670, p10 = 0.2636071428571428
SELECT max(a) FILTER (WHERE i = 1) AS p1, max(a) FILTER (WHERE i = 2) AS p2, max(a) FILTER (WHERE i = 3) AS p3, max(a) FILTER (WHERE i = 4) AS p4,
       max(a) FILTER (WHERE i = 5) AS p5, max(a) FILTER (WHERE i = 6) AS p6, max(a) FILTER (WHERE i = 7) AS p7, max(a) FILTER (WHERE i = 8) AS p8,
       max(a) FILTER (WHERE i = 9) AS p9, max(a) FILTER (WHERE i = 10) AS p10
FROM (SELECT i, p_adjust(p, 'by') OVER () AS a
      FROM (VALUES (1, 0.001), (2, 0.002), (3, 0.003), (4, 0.004), (5, 0.005), (6, 0.05), (7, 0.06), (8, 0.07), (9, 0.08), (10, 0.09)) AS t(i, p));
