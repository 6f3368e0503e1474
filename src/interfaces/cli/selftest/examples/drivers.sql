-- method: Johnson's relative weights
-- source: R rwa 0.1, README: mtcars, mpg by cyl, disp, hp and gear
-- published: cyl = 0.2284797, disp = 0.2221469, hp = 0.2321744, gear = 0.0963886, r2 = 0.7791896
SELECT max(johnson) FILTER (WHERE driver = 'cyl') AS cyl, max(johnson) FILTER (WHERE driver = 'disp') AS disp,
       max(johnson) FILTER (WHERE driver = 'hp') AS hp, max(johnson) FILTER (WHERE driver = 'gear') AS gear,
       sum(johnson) AS r2
FROM (SELECT expand(drivers(mpg, cyl, disp, hp, gear))
      FROM (VALUES (21, 6, 160, 110, 4), (21, 6, 160, 110, 4), (22.8, 4, 108, 93, 4), (21.4, 6, 258, 110, 3), (18.7, 8, 360, 175, 3), (18.1, 6, 225, 105, 3), (14.3, 8, 360, 245, 3), (24.4, 4, 146.7, 62, 4),
             (22.8, 4, 140.8, 95, 4), (19.2, 6, 167.6, 123, 4), (17.8, 6, 167.6, 123, 4), (16.4, 8, 275.8, 180, 3), (17.3, 8, 275.8, 180, 3), (15.2, 8, 275.8, 180, 3), (10.4, 8, 472, 205, 3), (10.4, 8, 460, 215, 3),
             (14.7, 8, 440, 230, 3), (32.4, 4, 78.7, 66, 4), (30.4, 4, 75.7, 52, 4), (33.9, 4, 71.1, 65, 4), (21.5, 4, 120.1, 97, 3), (15.5, 8, 318, 150, 3), (15.2, 8, 304, 150, 3), (13.3, 8, 350, 245, 3),
             (19.2, 8, 400, 175, 3), (27.3, 4, 79, 66, 4), (26, 4, 120.3, 91, 5), (30.4, 4, 95.1, 113, 5), (15.8, 8, 351, 264, 5), (19.7, 6, 145, 175, 5), (15, 8, 301, 335, 5), (21.4, 4, 121, 109, 4)) AS mtcars(mpg, cyl, disp, hp, gear));

-- method: Johnson's relative weights, rescaled
-- source: R rwa 0.1, README: mtcars, mpg by cyl, disp, hp and gear
-- published: cyl = 29.32274, disp = 28.50999, hp = 29.79691, gear = 12.37037
SELECT max(johnson_share) FILTER (WHERE driver = 'cyl') AS cyl, max(johnson_share) FILTER (WHERE driver = 'disp') AS disp,
       max(johnson_share) FILTER (WHERE driver = 'hp') AS hp, max(johnson_share) FILTER (WHERE driver = 'gear') AS gear
FROM (SELECT expand(drivers(mpg, cyl, disp, hp, gear))
      FROM (VALUES (21, 6, 160, 110, 4), (21, 6, 160, 110, 4), (22.8, 4, 108, 93, 4), (21.4, 6, 258, 110, 3), (18.7, 8, 360, 175, 3), (18.1, 6, 225, 105, 3), (14.3, 8, 360, 245, 3), (24.4, 4, 146.7, 62, 4),
             (22.8, 4, 140.8, 95, 4), (19.2, 6, 167.6, 123, 4), (17.8, 6, 167.6, 123, 4), (16.4, 8, 275.8, 180, 3), (17.3, 8, 275.8, 180, 3), (15.2, 8, 275.8, 180, 3), (10.4, 8, 472, 205, 3), (10.4, 8, 460, 215, 3),
             (14.7, 8, 440, 230, 3), (32.4, 4, 78.7, 66, 4), (30.4, 4, 75.7, 52, 4), (33.9, 4, 71.1, 65, 4), (21.5, 4, 120.1, 97, 3), (15.5, 8, 318, 150, 3), (15.2, 8, 304, 150, 3), (13.3, 8, 350, 245, 3),
             (19.2, 8, 400, 175, 3), (27.3, 4, 79, 66, 4), (26, 4, 120.3, 91, 5), (30.4, 4, 95.1, 113, 5), (15.8, 8, 351, 264, 5), (19.7, 6, 145, 175, 5), (15, 8, 301, 335, 5), (21.4, 4, 121, 109, 4)) AS mtcars(mpg, cyl, disp, hp, gear));

-- method: Shapley shares of R squared (LMG)
-- source: R relaimpo, calc.relimp with type lmg, and R domir, general dominance, both in the README of domir: mtcars, mpg by am, vs and cyl
-- published: am = 0.1774892, vs = 0.2027032, cyl = 0.3817849, explained = 76.2
SELECT max(shapley) FILTER (WHERE driver = 'am') AS am, max(shapley) FILTER (WHERE driver = 'vs') AS vs,
       max(shapley) FILTER (WHERE driver = 'cyl') AS cyl, 100 * sum(shapley) AS explained
FROM (SELECT expand(drivers(mpg, am, vs, cyl))
      FROM (VALUES (21, 1, 0, 6), (21, 1, 0, 6), (22.8, 1, 1, 4), (21.4, 0, 1, 6), (18.7, 0, 0, 8), (18.1, 0, 1, 6), (14.3, 0, 0, 8), (24.4, 0, 1, 4),
             (22.8, 0, 1, 4), (19.2, 0, 1, 6), (17.8, 0, 1, 6), (16.4, 0, 0, 8), (17.3, 0, 0, 8), (15.2, 0, 0, 8), (10.4, 0, 0, 8), (10.4, 0, 0, 8),
             (14.7, 0, 0, 8), (32.4, 1, 1, 4), (30.4, 1, 1, 4), (33.9, 1, 1, 4), (21.5, 0, 1, 4), (15.5, 0, 0, 8), (15.2, 0, 0, 8), (13.3, 0, 0, 8),
             (19.2, 0, 0, 8), (27.3, 1, 1, 4), (26, 1, 0, 4), (30.4, 1, 1, 4), (15.8, 1, 0, 8), (19.7, 1, 0, 6), (15, 1, 0, 8), (21.4, 1, 1, 4)) AS mtcars(mpg, am, vs, cyl));

-- method: Shapley shares of R squared (LMG), in per cent
-- source: R domir, README, general dominance standardized: mtcars, mpg by am, vs and cyl
-- published: am = 0.2329324, vs = 0.2660226, cyl = 0.5010450
SELECT max(shapley_share / 100) FILTER (WHERE driver = 'am') AS am, max(shapley_share / 100) FILTER (WHERE driver = 'vs') AS vs,
       max(shapley_share / 100) FILTER (WHERE driver = 'cyl') AS cyl
FROM (SELECT expand(drivers(mpg, am, vs, cyl))
      FROM (VALUES (21, 1, 0, 6), (21, 1, 0, 6), (22.8, 1, 1, 4), (21.4, 0, 1, 6), (18.7, 0, 0, 8), (18.1, 0, 1, 6), (14.3, 0, 0, 8), (24.4, 0, 1, 4),
             (22.8, 0, 1, 4), (19.2, 0, 1, 6), (17.8, 0, 1, 6), (16.4, 0, 0, 8), (17.3, 0, 0, 8), (15.2, 0, 0, 8), (10.4, 0, 0, 8), (10.4, 0, 0, 8),
             (14.7, 0, 0, 8), (32.4, 1, 1, 4), (30.4, 1, 1, 4), (33.9, 1, 1, 4), (21.5, 0, 1, 4), (15.5, 0, 0, 8), (15.2, 0, 0, 8), (13.3, 0, 0, 8),
             (19.2, 0, 0, 8), (27.3, 1, 1, 4), (26, 1, 0, 4), (30.4, 1, 1, 4), (15.8, 1, 0, 8), (19.7, 1, 0, 6), (15, 1, 0, 8), (21.4, 1, 1, 4)) AS mtcars(mpg, am, vs, cyl));

-- method: Shapley shares of R squared (LMG), five drivers
-- source: Groemping 2006, Journal of Statistical Software 17(1) (R relaimpo): swiss, Fertility by all others
-- published: agriculture = 0.05709122, examination = 0.17117303, education = 0.26013468, catholic = 0.10557015, infant_mortality = 0.11276592
SELECT max(shapley) FILTER (WHERE driver = 'agriculture') AS agriculture, max(shapley) FILTER (WHERE driver = 'examination') AS examination,
       max(shapley) FILTER (WHERE driver = 'education') AS education, max(shapley) FILTER (WHERE driver = 'catholic') AS catholic,
       max(shapley) FILTER (WHERE driver = 'infant_mortality') AS infant_mortality
FROM (SELECT expand(drivers(fertility, agriculture, examination, education, catholic, infant_mortality))
      FROM (VALUES (80.2, 17, 15, 12, 9.96, 22.2), (83.1, 45.1, 6, 9, 84.84, 22.2), (92.5, 39.7, 5, 5, 93.4, 20.2), (85.8, 36.5, 12, 7, 33.77, 20.3), (76.9, 43.5, 17, 15, 5.16, 20.6),
             (76.1, 35.3, 9, 7, 90.57, 26.6), (83.8, 70.2, 16, 7, 92.85, 23.6), (92.4, 67.8, 14, 8, 97.16, 24.9), (82.4, 53.3, 12, 7, 97.67, 21), (82.9, 45.2, 16, 13, 91.38, 24.4),
             (87.1, 64.5, 14, 6, 98.61, 24.5), (64.1, 62, 21, 12, 8.52, 16.5), (66.9, 67.5, 14, 7, 2.27, 19.1), (68.9, 60.7, 19, 12, 4.43, 22.7), (61.7, 69.3, 22, 5, 2.82, 18.7),
             (68.3, 72.6, 18, 2, 24.2, 21.2), (71.7, 34, 17, 8, 3.3, 20), (55.7, 19.4, 26, 28, 12.11, 20.2), (54.3, 15.2, 31, 20, 2.15, 10.8), (65.1, 73, 19, 9, 2.84, 20),
             (65.5, 59.8, 22, 10, 5.23, 18), (65, 55.1, 14, 3, 4.52, 22.4), (56.6, 50.9, 22, 12, 15.14, 16.7), (57.4, 54.1, 20, 6, 4.2, 15.3), (72.5, 71.2, 12, 1, 2.4, 21),
             (74.2, 58.1, 14, 8, 5.23, 23.8), (72, 63.5, 6, 3, 2.56, 18), (60.5, 60.8, 16, 10, 7.72, 16.3), (58.3, 26.8, 25, 19, 18.46, 20.9), (65.4, 49.5, 15, 8, 6.1, 22.5),
             (75.5, 85.9, 3, 2, 99.71, 15.1), (69.3, 84.9, 7, 6, 99.68, 19.8), (77.3, 89.7, 5, 2, 100, 18.3), (70.5, 78.2, 12, 6, 98.96, 19.4), (79.4, 64.9, 7, 3, 98.22, 20.2),
             (65, 75.9, 9, 9, 99.06, 17.8), (92.2, 84.6, 3, 3, 99.46, 16.3), (79.3, 63.1, 13, 13, 96.83, 18.1), (70.4, 38.4, 26, 12, 5.62, 20.3), (65.7, 7.7, 29, 11, 13.79, 20.5),
             (72.7, 16.7, 22, 13, 11.22, 18.9), (64.4, 17.6, 35, 32, 16.92, 23), (77.6, 37.6, 15, 7, 4.97, 20), (67.6, 18.7, 25, 7, 8.65, 19.5), (35, 1.2, 37, 53, 42.34, 18),
             (44.7, 46.6, 16, 29, 50.43, 18.2), (42.8, 27.7, 22, 29, 58.33, 19.3)) AS swiss(fertility, agriculture, examination, education, catholic, infant_mortality));

-- method: General dominance
-- source: R dominanceanalysis, tests: attitude, rating by complaints, privileges and learning
-- published: complaints = 0.466, privileges = 0.066, learning = 0.182
SELECT max(shapley) FILTER (WHERE driver = 'complaints') AS complaints, max(shapley) FILTER (WHERE driver = 'privileges') AS privileges,
       max(shapley) FILTER (WHERE driver = 'learning') AS learning
FROM (SELECT expand(drivers(rating, complaints, privileges, learning))
      FROM (VALUES (43, 51, 30, 39), (63, 64, 51, 54), (71, 70, 68, 69), (61, 63, 45, 47), (81, 78, 56, 66), (43, 55, 49, 44), (58, 67, 42, 56), (71, 75, 50, 55),
             (72, 82, 72, 67), (67, 61, 45, 47), (64, 53, 53, 58), (67, 60, 47, 39), (69, 62, 57, 42), (68, 83, 83, 45), (77, 77, 54, 72), (81, 90, 50, 72),
             (74, 85, 64, 69), (65, 60, 65, 75), (65, 70, 46, 57), (50, 58, 68, 54), (50, 40, 33, 34), (64, 61, 52, 62), (53, 66, 52, 50), (40, 37, 42, 58),
             (63, 54, 42, 48), (66, 77, 66, 63), (78, 75, 58, 74), (48, 57, 44, 45), (85, 85, 71, 71), (82, 82, 39, 59)) AS attitude(rating, complaints, privileges, learning));
