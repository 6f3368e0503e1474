-- method: Least squares, Norris
-- source: NIST Statistical Reference Datasets, linear regression, Norris
-- published: r2 = 0.999993745883712, f = 5436385.54079785, sigma = 0.884796396144373
-- published: b0 = -0.262323073774029, b0_se = 0.232818234301152, b1 = 1.00211681802045, b1_se = 0.429796848199937E-03
-- remark: NIST certifies 15 digits of the decimals; as doubles the data differ in the 17th, and results from the 14th on
SELECT r2, f, sigma, terms[1]['estimate'] AS b0, terms[1]['se'] AS b0_se,
       terms[2]['estimate'] AS b1, terms[2]['se'] AS b1_se
FROM (SELECT expand(ols_fit(y, x)) FROM (VALUES (0.1, 0.2), (338.8, 337.4), (118.1, 118.2), (888.0, 884.6), (9.2, 10.1), (228.1, 226.5), (668.5, 666.3), (998.5, 996.3), (449.1, 448.6),
             (778.9, 777.0), (559.2, 558.2), (0.3, 0.4), (0.1, 0.6), (778.1, 775.5), (668.8, 666.9), (339.3, 338.0), (448.9, 447.5), (10.8, 11.6),
             (557.7, 556.0), (228.3, 228.1), (998.0, 995.8), (888.8, 887.6), (119.6, 120.2), (0.3, 0.3), (0.6, 0.3), (557.6, 556.8), (339.3, 339.1),
             (888.0, 887.2), (998.5, 999.0), (778.9, 779.0), (10.2, 11.1), (117.6, 118.3), (228.9, 229.2), (668.4, 669.1), (449.2, 448.9), (0.2, 0.5)) AS norris(y, x));

-- method: Least squares, Longley
-- source: NIST Statistical Reference Datasets, linear regression, Longley
-- published: r2 = 0.995479004577296, f = 330.285339234588, sigma = 304.854073561965
-- published: b0 = -3482258.63459582, b1 = 15.0618722713733, b2 = -0.358191792925910E-01, b3 = -2.02022980381683
-- published: b4 = -1.03322686717359, b5 = -0.511041056535807E-01, b6 = 1829.15146461355
-- published: b0_se = 890420.383607373, b1_se = 84.9149257747669, b2_se = 0.334910077722432E-01, b3_se = 0.488399681651699
-- published: b4_se = 0.214274163161675, b5_se = 0.226073200069370, b6_se = 455.478499142212
-- remark: NIST certifies 15 digits of the decimals; as doubles the data differ in the 17th, and results from the 14th on
SELECT r2, f, sigma, terms[1]['estimate'] AS b0, terms[1]['se'] AS b0_se,
       terms[2]['estimate'] AS b1, terms[2]['se'] AS b1_se,
       terms[3]['estimate'] AS b2, terms[3]['se'] AS b2_se,
       terms[4]['estimate'] AS b3, terms[4]['se'] AS b3_se,
       terms[5]['estimate'] AS b4, terms[5]['se'] AS b4_se,
       terms[6]['estimate'] AS b5, terms[6]['se'] AS b5_se,
       terms[7]['estimate'] AS b6, terms[7]['se'] AS b6_se
FROM (SELECT expand(ols_fit(employed, deflator, gnp, unemployed, armed_forces, population, year))
      FROM (VALUES (60323, 83.0, 234289, 2356, 1590, 107608, 1947), (61122, 88.5, 259426, 2325, 1456, 108632, 1948), (60171, 88.2, 258054, 3682, 1616, 109773, 1949),
             (61187, 89.5, 284599, 3351, 1650, 110929, 1950), (63221, 96.2, 328975, 2099, 3099, 112075, 1951), (63639, 98.1, 346999, 1932, 3594, 113270, 1952),
             (64989, 99.0, 365385, 1870, 3547, 115094, 1953), (63761, 100.0, 363112, 3578, 3350, 116219, 1954), (66019, 101.2, 397469, 2904, 3048, 117388, 1955),
             (67857, 104.6, 419180, 2822, 2857, 118734, 1956), (68169, 108.4, 442769, 2936, 2798, 120445, 1957), (66513, 110.8, 444546, 4681, 2637, 121950, 1958),
             (68655, 112.6, 482704, 3813, 2552, 123366, 1959), (69564, 114.2, 502601, 3931, 2514, 125368, 1960), (69331, 115.7, 518173, 4806, 2572, 127852, 1961),
             (70551, 116.9, 554894, 4007, 2827, 130081, 1962)) AS longley(employed, deflator, gnp, unemployed, armed_forces, population, year));

-- method: Least squares, a polynomial of the fifth degree, Wampler3
-- source: NIST Statistical Reference Datasets, linear regression, Wampler3
-- published: r2 = 0.999995559025820, f = 675524.458240122, sigma = 2360.14502379268
-- published: b0 = 1, b1 = 1, b5 = 1, b0_se = 2152.32624678170, b1_se = 2363.55173469681, b5_se = 0.112324854679312
-- remark: NIST certifies 15 digits of the decimals; as doubles the data differ in the 17th, and results from the 14th on
SELECT r2, f, sigma, terms[1]['estimate'] AS b0, terms[2]['estimate'] AS b1, terms[6]['estimate'] AS b5,
       terms[1]['se'] AS b0_se, terms[2]['se'] AS b1_se, terms[6]['se'] AS b5_se
FROM (SELECT expand(ols_fit(1 + x + x * x + x * x * x + x * x * x * x + x * x * x * x * x + e, x, x * x, x * x * x, x * x * x * x, x * x * x * x * x))
      FROM (SELECT CAST(i AS DOUBLE) AS x, e * 1 AS e FROM (VALUES (0, 759), (1, -2048), (2, 2048), (3, -2048), (4, 2523), (5, -2048), (6, 2048), (7, -2048), (8, 1838), (9, -2048), (10, 2048),
            (11, -2048), (12, 1838), (13, -2048), (14, 2048), (15, -2048), (16, 2523), (17, -2048), (18, 2048), (19, -2048), (20, 759)) AS t(i, e)));

-- method: Least squares, height and weight of women
-- source: R, summary(lm(weight ~ height, women)), example of women
-- published: b0 = -87.51667, b0_se = 5.93694, t0 = -14.74, p0 = 1.71e-09, b1 = 3.45000, b1_se = 0.09114, p1 = 1.09e-14
-- published: sigma = 1.525, r2 = 0.991, adjusted_r2 = 0.9903, f = 1433
SELECT terms[1]['estimate'] AS b0, terms[1]['se'] AS b0_se,
       terms[2]['estimate'] AS b1, terms[2]['se'] AS b1_se,
       terms[1]['t'] AS t0, terms[1]['p'] AS p0, terms[2]['p'] AS p1, sigma, r2, adjusted_r2, f
FROM (SELECT expand(ols_fit(weight, height)) FROM (VALUES (115, 58), (117, 59), (120, 60), (123, 61), (126, 62), (129, 63), (132, 64), (135, 65), (139, 66), (142, 67), (146, 68), (150, 69), (154, 70), (159, 71), (164, 72)) AS women(weight, height));

-- method: Least squares, six ratings of a department
-- source: R, summary(lm(rating ~ ., attitude)), example of attitude (Chatterjee & Price 1977)
-- published: b0 = 10.78708, complaints = 0.61319, complaints_se = 0.16098, complaints_p = 0.000903, privileges = -0.07305, learning = 0.32033, learning_p = 0.069925
-- published: raises = 0.08173, critical = 0.03838, advance = -0.21706, sigma = 7.068, r2 = 0.7326, adjusted_r2 = 0.6628, f = 10.5, p = 1.24e-05
SELECT terms[1]['estimate'] AS b0, terms[2]['estimate'] AS complaints, terms[2]['se'] AS complaints_se, terms[2]['p'] AS complaints_p,
       terms[3]['estimate'] AS privileges, terms[4]['estimate'] AS learning, terms[4]['p'] AS learning_p, terms[5]['estimate'] AS raises,
       terms[6]['estimate'] AS critical, terms[7]['estimate'] AS advance, sigma, r2, adjusted_r2, f, p
FROM (SELECT expand(ols_fit(rating, complaints, privileges, learning, raises, critical, advance))
      FROM (VALUES (43, 51, 30, 39, 61, 92, 45), (63, 64, 51, 54, 63, 73, 47), (71, 70, 68, 69, 76, 86, 48), (61, 63, 45, 47, 54, 84, 35), (81, 78, 56, 66, 71, 83, 47),
             (43, 55, 49, 44, 54, 49, 34), (58, 67, 42, 56, 66, 68, 35), (71, 75, 50, 55, 70, 66, 41), (72, 82, 72, 67, 71, 83, 31), (67, 61, 45, 47, 62, 80, 41),
             (64, 53, 53, 58, 58, 67, 34), (67, 60, 47, 39, 59, 74, 41), (69, 62, 57, 42, 55, 63, 25), (68, 83, 83, 45, 59, 77, 35), (77, 77, 54, 72, 79, 77, 46),
             (81, 90, 50, 72, 60, 54, 36), (74, 85, 64, 69, 79, 79, 63), (65, 60, 65, 75, 55, 80, 60), (65, 70, 46, 57, 75, 85, 46), (50, 58, 68, 54, 64, 78, 52),
             (50, 40, 33, 34, 43, 64, 33), (64, 61, 52, 62, 66, 80, 41), (53, 66, 52, 50, 63, 80, 37), (40, 37, 42, 58, 50, 57, 49), (63, 54, 42, 48, 66, 75, 33),
             (66, 77, 66, 63, 88, 76, 72), (78, 75, 58, 74, 80, 78, 49), (48, 57, 44, 45, 51, 83, 38), (85, 85, 71, 71, 77, 74, 55), (82, 82, 39, 59, 64, 78, 39)) AS attitude(rating, complaints, privileges, learning, raises, critical, advance));

-- method: Prediction by least squares, weight of women
-- source: R, fitted(lm(weight ~ height, women)), example of women: the first and the last woman
-- published: first = 112.5833, last = 160.8833
SELECT ols_predict(fit, 58) AS first, ols_predict(fit, 72) AS last
FROM (SELECT ols_fit(weight, height) AS fit FROM (VALUES (115, 58), (117, 59), (120, 60), (123, 61), (126, 62), (129, 63), (132, 64), (135, 65), (139, 66), (142, 67), (146, 68), (150, 69), (154, 70), (159, 71), (164, 72)) AS women(weight, height));

-- method: Logistic regression
-- source: Spector & Mazzeo 1980, Journal of Economic Education 11; Greene, Econometric Analysis; Logit of statsmodels on its data spector
-- published: log_likelihood = -12.8896342221, null_log_likelihood = -20.5917296966, mcfadden = 0.3740382954, aic = 33.779268, bic = 39.642212
-- published: b0 = -13.021347, b0_se = 4.931324, gpa = 2.826113, gpa_se = 1.262941, tuce = .095158, tuce_se = .141554, psi = 2.378688, psi_se = 1.064564
SELECT log_likelihood, null_log_likelihood, mcfadden, aic, bic, terms[1]['estimate'] AS b0, terms[1]['se'] AS b0_se,
       terms[2]['estimate'] AS gpa, terms[2]['se'] AS gpa_se,
       terms[3]['estimate'] AS tuce, terms[3]['se'] AS tuce_se,
       terms[4]['estimate'] AS psi, terms[4]['se'] AS psi_se
FROM (SELECT expand(logit_fit(grade, gpa, tuce, psi)) FROM (VALUES
  (2.66, 20, 0, 0), (2.89, 22, 0, 0), (3.28, 24, 0, 0), (2.92, 12, 0, 0), (4, 21, 0, 1), (2.86, 17, 0, 0), (2.76, 17, 0, 0), (2.87, 21, 0, 0),
  (3.03, 25, 0, 0), (3.92, 29, 0, 1), (2.63, 20, 0, 0), (3.32, 23, 0, 0), (3.57, 23, 0, 0), (3.26, 25, 0, 1), (3.53, 26, 0, 0), (2.74, 19, 0, 0),
  (2.75, 25, 0, 0), (2.83, 19, 0, 0), (3.12, 23, 1, 0), (3.16, 25, 1, 1), (2.06, 22, 1, 0), (3.62, 28, 1, 1), (2.89, 14, 1, 0), (3.51, 26, 1, 0),
  (3.54, 24, 1, 1), (2.83, 27, 1, 1), (3.39, 17, 1, 1), (2.67, 24, 1, 0), (3.65, 21, 1, 1), (4, 23, 1, 1), (3.1, 21, 1, 0), (2.39, 19, 1, 1))
  AS spector(gpa, tuce, psi, grade));

-- method: Logistic regression of one regressor
-- source: Wikipedia, Logistic regression: hours of study and passing of 20 students
-- published: b0 = -4.1, b1 = 1.5, b0_z = -2.3, b1_z = 2.4, b0_p = 0.021, b1_p = 0.017
SELECT terms[1]['estimate'] AS b0, terms[2]['estimate'] AS b1, terms[1]['z'] AS b0_z, terms[2]['z'] AS b1_z, terms[1]['p'] AS b0_p, terms[2]['p'] AS b1_p
FROM (SELECT expand(logit_fit(pass, hours))
      FROM (VALUES (0.50, 0), (0.75, 0), (1.00, 0), (1.25, 0), (1.50, 0), (1.75, 0), (1.75, 1), (2.00, 0), (2.25, 1), (2.50, 0), (2.75, 1), (3.00, 0), (3.25, 1),
             (3.50, 0), (4.00, 1), (4.25, 1), (4.50, 1), (4.75, 1), (5.00, 1), (5.50, 1)) AS t(hours, pass));

-- method: Prediction by logistic regression
-- source: Wikipedia, Logistic regression: hours of study and passing of 20 students
-- published: h1 = 0.07, h2 = 0.26, h3 = 0.61, h4 = 0.87, h5 = 0.97
SELECT logit_predict(fit, 1) AS h1, logit_predict(fit, 2) AS h2, logit_predict(fit, 3) AS h3, logit_predict(fit, 4) AS h4, logit_predict(fit, 5) AS h5
FROM (SELECT logit_fit(pass, hours) AS fit
      FROM (VALUES (0.50, 0), (0.75, 0), (1.00, 0), (1.25, 0), (1.50, 0), (1.75, 0), (1.75, 1), (2.00, 0), (2.25, 1), (2.50, 0), (2.75, 1), (3.00, 0), (3.25, 1),
             (3.50, 0), (4.00, 1), (4.25, 1), (4.50, 1), (4.75, 1), (5.00, 1), (5.50, 1)) AS t(hours, pass));
