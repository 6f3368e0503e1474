-- method: p of a correlation with revenue change, retail banking
-- source: Keiningham, Aksoy, Cooil & Andreassen 2008, Journal of Database Marketing & Customer Strategy Management 15, table 1: r .40, .17, .02, .37, .32, -.05, -.29; reproduced by 12 firms
-- published: p1 = .20, p2 = .60, p3 = .95, p4 = .24, p5 = .32, p6 = .88, p7 = .37
-- remark: r is printed with two digits, which moves p by up to .01: .32 gives .31 and -.29 gives .36
SELECT (max(p) FILTER (WHERE kpi = 1)) AS p1, (max(p) FILTER (WHERE kpi = 2)) AS p2, (max(p) FILTER (WHERE kpi = 3)) AS p3, (max(p) FILTER (WHERE kpi = 4)) AS p4,
       (max(p) FILTER (WHERE kpi = 5)) AS p5, (max(p) FILTER (WHERE kpi = 6)) AS p6, (max(p) FILTER (WHERE kpi = 7)) AS p7
FROM (SELECT kpi, (kpi_validation(x * r + e * sqrt(1 - r * r), x))[1]['pearson_p'] AS p
      FROM (VALUES (1, 0.40), (2, 0.17), (3, 0.02), (4, 0.37), (5, 0.32), (6, -0.05), (7, -0.29)) AS k(kpi, r),
           (SELECT CASE WHEN i % 2 = 0 THEN 1 ELSE -1 END AS x, CASE WHEN i % 4 < 2 THEN 1 ELSE -1 END AS e FROM generate_series(1, 12) AS s(i))
      GROUP BY kpi);

-- method: p of a correlation with revenue change, gasoline
-- source: Keiningham, Aksoy, Cooil & Andreassen 2008, Journal of Database Marketing & Customer Strategy Management 15, table 1: r -.45, .09, .49, .62, -.32, .42, .84; reproduced by 4 firms
-- published: p1 = .55, p2 = .91, p3 = .51, p4 = .38, p5 = .68, p6 = .58, p7 = .16
SELECT (max(p) FILTER (WHERE kpi = 1)) AS p1, (max(p) FILTER (WHERE kpi = 2)) AS p2, (max(p) FILTER (WHERE kpi = 3)) AS p3, (max(p) FILTER (WHERE kpi = 4)) AS p4,
       (max(p) FILTER (WHERE kpi = 5)) AS p5, (max(p) FILTER (WHERE kpi = 6)) AS p6, (max(p) FILTER (WHERE kpi = 7)) AS p7
FROM (SELECT kpi, (kpi_validation(x * r + e * sqrt(1 - r * r), x))[1]['pearson_p'] AS p
      FROM (VALUES (1, -0.45), (2, 0.09), (3, 0.49), (4, 0.62), (5, -0.32), (6, 0.42), (7, 0.84)) AS k(kpi, r),
           (SELECT CASE WHEN i % 2 = 0 THEN 1 ELSE -1 END AS x, CASE WHEN i % 4 < 2 THEN 1 ELSE -1 END AS e FROM generate_series(1, 4) AS s(i))
      GROUP BY kpi);

-- method: McFadden's R squared of one KPI
-- source: Spector & Mazzeo 1980, Journal of Economic Education 11, logit of GRADE on GPA by statsmodels: log-likelihood, from that without regressors, -20.5917296966
-- published: log_likelihood = -16.2089031
SELECT -20.5917296966 * (1 - mcfadden) AS log_likelihood
FROM (SELECT expand(kpi_validation(grade, gpa)) FROM (VALUES
  (2.66, 20, 0, 0), (2.89, 22, 0, 0), (3.28, 24, 0, 0), (2.92, 12, 0, 0), (4, 21, 0, 1), (2.86, 17, 0, 0), (2.76, 17, 0, 0), (2.87, 21, 0, 0),
  (3.03, 25, 0, 0), (3.92, 29, 0, 1), (2.63, 20, 0, 0), (3.32, 23, 0, 0), (3.57, 23, 0, 0), (3.26, 25, 0, 1), (3.53, 26, 0, 0), (2.74, 19, 0, 0),
  (2.75, 25, 0, 0), (2.83, 19, 0, 0), (3.12, 23, 1, 0), (3.16, 25, 1, 1), (2.06, 22, 1, 0), (3.62, 28, 1, 1), (2.89, 14, 1, 0), (3.51, 26, 1, 0),
  (3.54, 24, 1, 1), (2.83, 27, 1, 1), (3.39, 17, 1, 1), (2.67, 24, 1, 0), (3.65, 21, 1, 1), (4, 23, 1, 1), (3.1, 21, 1, 0), (2.39, 19, 1, 1))
  AS spector(gpa, tuce, psi, grade));

-- method: Vuong's test of single predictors
-- source: Vuong 1989, Econometrica 57, with the divisor n - 1 of R pscl, on logits of the data of Spector & Mazzeo 1980 by statsmodels
-- published: gpa_tuce = .92993388, gpa_psi = .34708808, tuce_psi = -.43091449
SELECT pairs[1]['vuong_z'] AS gpa_tuce, pairs[2]['vuong_z'] AS gpa_psi, pairs[3]['vuong_z'] AS tuce_psi
FROM (SELECT kpi_contest(grade, gpa, tuce, psi) AS pairs FROM (VALUES
  (2.66, 20, 0, 0), (2.89, 22, 0, 0), (3.28, 24, 0, 0), (2.92, 12, 0, 0), (4, 21, 0, 1), (2.86, 17, 0, 0), (2.76, 17, 0, 0), (2.87, 21, 0, 0),
  (3.03, 25, 0, 0), (3.92, 29, 0, 1), (2.63, 20, 0, 0), (3.32, 23, 0, 0), (3.57, 23, 0, 0), (3.26, 25, 0, 1), (3.53, 26, 0, 0), (2.74, 19, 0, 0),
  (2.75, 25, 0, 0), (2.83, 19, 0, 0), (3.12, 23, 1, 0), (3.16, 25, 1, 1), (2.06, 22, 1, 0), (3.62, 28, 1, 1), (2.89, 14, 1, 0), (3.51, 26, 1, 0),
  (3.54, 24, 1, 1), (2.83, 27, 1, 1), (3.39, 17, 1, 1), (2.67, 24, 1, 0), (3.65, 21, 1, 1), (4, 23, 1, 1), (3.1, 21, 1, 0), (2.39, 19, 1, 1))
  AS spector(gpa, tuce, psi, grade));
