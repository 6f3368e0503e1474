-- method: Shifted beta-geometric, Regular customers
-- source: Fader & Hardie 2007, Journal of Interactive Marketing 21(1): 1000 customers, 7 renewals
-- published: alpha = .704, beta = 1.182
SELECT alpha, beta
FROM (SELECT expand(sbg_fit(renewals, active))
      FROM (VALUES (0, false, 369), (1, false, 163), (2, false, 86), (3, false, 56), (4, false, 37), (5, false, 27), (6, false, 21), (7, true, 241)) AS t(renewals, active, times)
      CROSS JOIN generate_series(1, 369) AS s(i) WHERE i <= times);

-- method: Shifted beta-geometric, High End customers
-- source: Fader & Hardie 2007, Journal of Interactive Marketing 21(1): 1000 customers, 7 renewals
-- published: alpha = .668, beta = 3.806, log_likelihood = -1611.2
SELECT alpha, beta, log_likelihood
FROM (SELECT expand(sbg_fit(renewals, active))
      FROM (VALUES (0, false, 131), (1, false, 126), (2, false, 90), (3, false, 60), (4, false, 42), (5, false, 34), (6, false, 26), (7, true, 491)) AS t(renewals, active, times)
      CROSS JOIN generate_series(1, 491) AS s(i) WHERE i <= times);

-- method: Survival and discounted residual lifetime, shifted beta-geometric
-- source: Python shifted_beta_geometric, README, on the High End customers of Fader & Hardie 2007: years 8 to 12, and at 10 % after 7 renewals
-- published: s8 = 0.460, s9 = 0.436, s10 = 0.414, s11 = 0.395, s12 = 0.378, derl = 7.530
SELECT sbg_survival(model, 8) AS s8, sbg_survival(model, 9) AS s9, sbg_survival(model, 10) AS s10, sbg_survival(model, 11) AS s11, sbg_survival(model, 12) AS s12,
       sbg_residual_lifetime(model, 7, 0.1) AS derl
FROM (SELECT sbg_fit(renewals, active) AS model
      FROM (VALUES (0, false, 131), (1, false, 126), (2, false, 90), (3, false, 60), (4, false, 42), (5, false, 34), (6, false, 26), (7, true, 491)) AS t(renewals, active, times)
      CROSS JOIN generate_series(1, 491) AS s(i) WHERE i <= times);

-- method: Expected purchases of a known customer, BG/NBD
-- source: Fader, Hardie & Lee 2005, Implementing the BG/NBD model in Microsoft Excel: customer 0001, 39 weeks
-- published: purchases = 1.226
SELECT bgnbd_expected({r: 0.243, alpha: 4.414, a: 0.793, b: 2.426}, 39, 2, 30.43, 38.86) AS purchases;

-- method: Expected purchases of a new customer, BG/NBD
-- source: Fader, Hardie & Lee 2005, Implementing the BG/NBD model in Microsoft Excel, in the tests of lifetimes; at its fit of the CDNOW sample, .24259, 4.41353, .79289, 2.42575
-- published: t1 = 0.0078, t2 = 0.0532, t3 = 0.1506, t4 = 1.0405, t5 = 1.0437
SELECT bgnbd_expected(m, 0.1429, 0, 0, 0) AS t1, bgnbd_expected(m, 1, 0, 0, 0) AS t2, bgnbd_expected(m, 3, 0, 0, 0) AS t3,
       bgnbd_expected(m, 31.8571, 0, 0, 0) AS t4, bgnbd_expected(m, 32, 0, 0, 0) AS t5
FROM (SELECT {r: 0.24259292828, alpha: 4.413532265, a: 0.7928859664, b: 2.42575238} AS m);

-- method: Expected purchases of a new customer in 78 weeks, BG/NBD
-- source: Fader, Hardie & Lee 2005, Implementing the BG/NBD model in Microsoft Excel, in the tests of lifetimes; at its fit of the CDNOW sample, .24259, 4.41353, .79289, 2.42575
-- published: t6 = 1.8576
-- remark: the spreadsheet ends the series of the hypergeometric function after 150 terms; the whole of it gives 1.8580
SELECT bgnbd_expected({r: 0.24259292828, alpha: 4.413532265, a: 0.7928859664, b: 2.42575238}, 78, 0, 0, 0) AS t6;

-- method: Probability that a customer is alive, BG/NBD
-- source: Fader, Hardie & Lee, Computing P(alive) using the BG/NBD model (note 021), its formula in mpmath 1.3 for customer 0001 at their published parameters
-- published: alive = 0.726579
SELECT bgnbd_alive({r: 0.243, alpha: 4.414, a: 0.793, b: 2.426}, 2, 30.43, 38.86) AS alive;

-- method: Mean value of a purchase, gamma-gamma
-- source: lifetimes 0.11, tests of conditional_expected_average_profit: customers 2, 3, 6 and 9 of the CDNOW sample, at its fit 6.2488, 3.7446, 15.4477
-- published: c2 = 18.91, c3 = 35.17, c6 = 71.46, c9 = 27.28
SELECT gamma_gamma_value(m, 1, 11.77) AS c2, gamma_gamma_value(m, 0, 0) AS c3, gamma_gamma_value(m, 7, 73.74) AS c6, gamma_gamma_value(m, 2, 25.55) AS c9
FROM (SELECT {p: 6.248802496, q: 3.744588461, v: 15.44774806} AS m);

-- method: Mean value of a purchase of a new customer, gamma-gamma
-- source: Fader & Hardie 2013, The gamma-gamma model of monetary value (note 025): p 6.25, q 3.74, v 15.44
-- published: value = 35.22
SELECT gamma_gamma_value({p: 6.25, q: 3.74, v: 15.44}, 0, 0) AS value;
