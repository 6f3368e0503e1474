//! Ordinary least squares: a numeric outcome as a sum of regressors, with errors and tests.
//!
//! Everything follows from means and centred products, so a regression over millions of rows costs
//! as much as one over ten (Gauss 1809; Fisher 1922, J. R. Stat. Soc. 85, for t and F). Regressors
//! are brought to one scale inside; what they are measured in does not matter.

use super::cross_products::CrossProducts;
use super::elimination::Eliminated;
use super::interval::{Confidence, Interval};
use super::linear;
use super::significance::Test;
use super::summation::Sum;
use super::variance_ratio::upper_f_p;

/// A share of the outcome's variation that is no more than the rounding of products in doubles: with so
/// little unexplained the fit is perfect.
const ROUNDING: f64 = 1e-13;

/// The share of a regressor's variation about its mean that must be its own: the tolerance of R's `lm`,
/// (10⁻⁷)², which is of the variation about 0.
const OWN: f64 = 1e-14;

/// Why there is no fit. Regressors are counted from 1, as the columns are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoLeastSquares {
    /// There are no complete rows.
    #[error("there are no complete rows")]
    NoRows,
    /// There is nothing but the outcome.
    #[error("there is no regressor")]
    NoRegressors,
    /// No more rows than coefficients: the fit would go through every row and say nothing.
    #[error("there are no more rows than coefficients")]
    TooFewRows,
    /// The outcome is the same in every row.
    #[error("the outcome never varies")]
    ConstantOutcome,
    /// A regressor is the same in every row, and so no different from the intercept.
    #[error("regressor {regressor} never varies")]
    ConstantRegressor {
        /// Which one.
        regressor: usize,
    },
    /// A regressor is a linear function of those before it.
    #[error("regressor {regressor} is explained by those before it")]
    Collinear {
        /// The first such.
        regressor: usize,
    },
    /// Values too large or too small for a double once squared.
    #[error("the values are outside the range of a double")]
    Overflow,
}

/// One coefficient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeastSquaresTerm {
    /// How much the outcome grows with one unit of the regressor, the others held.
    pub estimate: f64,
    /// Its standard error; 0 where the fit is perfect.
    pub se: f64,
    /// The t test of estimate = 0, with n − k − 1 degrees of freedom; none where the fit is perfect.
    pub test: Option<Test>,
    /// The t interval of the estimate.
    pub interval: Interval,
}

/// A fitted regression.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastSquares {
    /// How many rows.
    pub n: u64,
    /// The share of the outcome's variation that the regressors explain, 0 to 1.
    pub r2: f64,
    /// R² less what as many regressors would explain by chance; can be negative.
    pub adjusted_r2: f64,
    /// F and its p, P(F at least this large when no regressor matters), with k and n − k − 1 degrees
    /// of freedom; none where the fit is perfect.
    pub f: Option<Test>,
    /// The standard deviation of the residuals, in units of the outcome.
    pub sigma: f64,
    /// The intercept, then the regressors in order.
    pub terms: Vec<LeastSquaresTerm>,
}

/// The regression of column 0 on all others with an intercept.
///
/// At saturation, n = k + 1 rows for k + 1 coefficients, there is no fit: it would go through every
/// row with an R² of 1, whatever the regressors are. Where more rows lie exactly on a line there is
/// a fit with R² = 1 and errors of 0, but neither t nor F, which would be infinite.
///
/// # Errors
/// See [`NoLeastSquares`].
pub fn least_squares(
    of: &CrossProducts,
    confidence: Confidence,
) -> Result<LeastSquares, NoLeastSquares> {
    let free = free(of)?;
    let eliminated = eliminated(of)?;
    let k = of.width() as f64 - 1.0;
    let (n, df) = (of.n as f64, free as f64);
    let unexplained = unexplained(&eliminated, of);
    let r2 = Sum::from(1.0).minus(unexplained);
    let f = r2.scaled(df).over(unexplained.scaled(k)).value();
    let p = upper_f_p(f, of.width() as u64 - 1, free).unwrap_or(f64::NAN);
    let residual = unexplained.times(of.product(0, 0)).over(Sum::from(df));
    let sigma = residual.value().sqrt();
    let terms = terms(of, &eliminated, sigma, df, confidence).ok_or(NoLeastSquares::Overflow)?;
    Ok(LeastSquares {
        n: of.n,
        r2: r2.value(),
        adjusted_r2: 1.0 - unexplained.value() * (n - 1.0) / df,
        f: (f.is_finite() && p.is_finite()).then_some(Test { statistic: f, p }),
        sigma,
        terms,
    })
}

/// The outcome that a fit expects: intercept and slopes in `estimates`, one regressor less in `x`.
/// None where the lengths differ or the result is not finite.
#[must_use]
pub fn predict_least_squares(estimates: &[f64], x: &[f64]) -> Option<f64> {
    let (intercept, slopes) = estimates.split_first()?;
    if slopes.len() != x.len() {
        return None;
    }
    // An intercept may be as large as −1e9 slopes; in a plain sum it would take their digits along.
    let mut sum = Sum::from(*intercept);
    slopes
        .iter()
        .zip(x)
        .for_each(|(slope, x)| sum.add_product(*slope, *x));
    Some(sum.value()).filter(|value| value.is_finite())
}

/// The degrees of freedom of the residuals, where the columns allow a fit.
fn free(of: &CrossProducts) -> Result<u64, NoLeastSquares> {
    let width = of.width() as u64;
    if of.n == 0 {
        return Err(NoLeastSquares::NoRows);
    }
    if width < 2 {
        return Err(NoLeastSquares::NoRegressors);
    }
    let is_finite =
        |column: usize| of.means[column].is_finite() && of.products.at(column, column).is_finite();
    if !(0..of.width()).all(is_finite) {
        return Err(NoLeastSquares::Overflow);
    }
    let free =
        of.n.checked_sub(width)
            .filter(|free| *free > 0)
            .ok_or(NoLeastSquares::TooFewRows)?;
    match (0..of.width()).find(|column| !of.varies(*column)) {
        Some(0) => Err(NoLeastSquares::ConstantOutcome),
        Some(regressor) => Err(NoLeastSquares::ConstantRegressor { regressor }),
        None => Ok(free),
    }
}

/// The regressors one after the other, the outcome last.
fn eliminated(of: &CrossProducts) -> Result<Eliminated, NoLeastSquares> {
    let own = if of.digits.is_some() {
        OWN
    } else {
        linear::OWN
    };
    let place = |row: usize| (row + 1) % of.width();
    let cell = |row: usize, column: usize| of.product(place(row), place(column));
    let found = Eliminated::of(of.width(), own, cell);
    found.map_err(|row| NoLeastSquares::Collinear { regressor: row + 1 })
}

/// 1 − R², an exact 0 where no more than rounding is left.
fn unexplained(eliminated: &Eliminated, of: &CrossProducts) -> Sum {
    let rounding = match of.digits {
        Some(_) => eliminated.rounding(),
        None => ROUNDING,
    };
    let left = eliminated.left();
    match left.value() {
        share if share <= rounding => Sum::default(),
        _ => left,
    }
}

/// Intercept and slopes; none where a number leaves the range of a double.
fn terms(
    of: &CrossProducts,
    eliminated: &Eliminated,
    sigma: f64,
    df: f64,
    confidence: Confidence,
) -> Option<Vec<LeastSquaresTerm>> {
    let slopes = eliminated.slopes();
    let means: Vec<Sum> = (1..of.width()).map(|column| of.mean(column)).collect();
    let of_means = slopes.iter().zip(&means);
    let intercept = of_means.fold(of.mean(0), |rest, (slope, mean)| {
        rest.minus(slope.times(*mean))
    });
    let critical = confidence.t(df).ok()?;
    let term = |estimate: Sum, variance: Sum| {
        let (estimate, se) = (estimate.value(), sigma * variance.value().sqrt());
        let term = LeastSquaresTerm {
            estimate,
            se,
            test: Test::student(estimate / se, df),
            interval: Interval::around(estimate, critical * se),
        };
        let is_finite = term.interval.low.is_finite() && term.interval.high.is_finite();
        is_finite.then_some(term)
    };
    let mut at_zero = Sum::from(1.0).over(Sum::from(of.n as f64));
    at_zero.merge(eliminated.quadratic(&means));
    let own_variance = |place: usize| {
        let mut unit = vec![Sum::default(); slopes.len()];
        unit[place] = Sum::from(1.0);
        eliminated.quadratic(&unit)
    };
    let first = term(intercept, at_zero);
    let others = slopes.iter().enumerate();
    let others = others.map(|(place, slope)| term(*slope, own_variance(place)));
    std::iter::once(first).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{Strategy, prop_assert, prop_assume, proptest};

    use super::*;

    fn fit(columns: &[Vec<f64>]) -> Result<LeastSquares, NoLeastSquares> {
        least_squares(&CrossProducts::of(columns), Confidence::default())
    }

    #[track_caller]
    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found / expected - 1.0).abs() < tolerance,
            "{found:e}, expected {expected:e}"
        );
    }

    fn longley() -> Vec<Vec<f64>> {
        let rows = [
            [60323.0, 83.0, 234_289.0, 2356.0, 1590.0, 107_608.0, 1947.0],
            [61122.0, 88.5, 259_426.0, 2325.0, 1456.0, 108_632.0, 1948.0],
            [60171.0, 88.2, 258_054.0, 3682.0, 1616.0, 109_773.0, 1949.0],
            [61187.0, 89.5, 284_599.0, 3351.0, 1650.0, 110_929.0, 1950.0],
            [63221.0, 96.2, 328_975.0, 2099.0, 3099.0, 112_075.0, 1951.0],
            [63639.0, 98.1, 346_999.0, 1932.0, 3594.0, 113_270.0, 1952.0],
            [64989.0, 99.0, 365_385.0, 1870.0, 3547.0, 115_094.0, 1953.0],
            [63761.0, 100.0, 363_112.0, 3578.0, 3350.0, 116_219.0, 1954.0],
            [66019.0, 101.2, 397_469.0, 2904.0, 3048.0, 117_388.0, 1955.0],
            [67857.0, 104.6, 419_180.0, 2822.0, 2857.0, 118_734.0, 1956.0],
            [68169.0, 108.4, 442_769.0, 2936.0, 2798.0, 120_445.0, 1957.0],
            [66513.0, 110.8, 444_546.0, 4681.0, 2637.0, 121_950.0, 1958.0],
            [68655.0, 112.6, 482_704.0, 3813.0, 2552.0, 123_366.0, 1959.0],
            [69564.0, 114.2, 502_601.0, 3931.0, 2514.0, 125_368.0, 1960.0],
            [69331.0, 115.7, 518_173.0, 4806.0, 2572.0, 127_852.0, 1961.0],
            [70551.0, 116.9, 554_894.0, 4007.0, 2827.0, 130_081.0, 1962.0],
        ];
        (0..7)
            .map(|column| rows.iter().map(|row| row[column]).collect())
            .collect()
    }

    /// NIST Statistical Reference Datasets, Longley (Longley 1967, J. Am. Stat. Assoc. 62): six
    /// nearly collinear regressors; the certified values, and p of mpmath at 50 digits.
    #[test]
    fn nist_strd_longley() {
        let fit = fit(&longley()).unwrap();
        let certified = [
            (-3_482_258.634_595_82, 890_420.383_607_373),
            (15.061_872_271_373_3, 84.914_925_774_766_9),
            (-0.035_819_179_292_591_0, 0.033_491_007_772_243_2),
            (-2.020_229_803_816_83, 0.488_399_681_651_699),
            (-1.033_226_867_173_59, 0.214_274_163_161_675),
            (-0.051_104_105_653_580_7, 0.226_073_200_069_370),
            (1_829.151_464_613_55, 455.478_499_142_212),
        ];
        assert_eq!((fit.n, fit.terms.len()), (16, 7));
        for (term, (estimate, se)) in fit.terms.iter().zip(certified) {
            close(term.estimate, estimate, 1e-14);
            close(term.se, se, 1e-14);
        }
        close(fit.sigma, 304.854_073_561_965, 1e-14);
        close(fit.r2, 0.995_479_004_577_296, 1e-14);
        close(fit.adjusted_r2, 0.992_465_007_628_826, 1e-14);
        let f = fit.f.unwrap();
        close(f.statistic, 330.285_339_234_588, 1e-14);
        close(f.p, 4.984_030_528_724_789e-10, 1e-13);
        let test = fit.terms[4].test.unwrap();
        close(test.statistic, -4.821_985_310_445_461, 1e-14);
        close(test.p, 0.000_944_366_764_161_793_5, 1e-13);
    }

    const NORRIS: [(f64, f64); 36] = [
        (0.1, 0.2),
        (338.8, 337.4),
        (118.1, 118.2),
        (888.0, 884.6),
        (9.2, 10.1),
        (228.1, 226.5),
        (668.5, 666.3),
        (998.5, 996.3),
        (449.1, 448.6),
        (778.9, 777.0),
        (559.2, 558.2),
        (0.3, 0.4),
        (0.1, 0.6),
        (778.1, 775.5),
        (668.8, 666.9),
        (339.3, 338.0),
        (448.9, 447.5),
        (10.8, 11.6),
        (557.7, 556.0),
        (228.3, 228.1),
        (998.0, 995.8),
        (888.8, 887.6),
        (119.6, 120.2),
        (0.3, 0.3),
        (0.6, 0.3),
        (557.6, 556.8),
        (339.3, 339.1),
        (888.0, 887.2),
        (998.5, 999.0),
        (778.9, 779.0),
        (10.2, 11.1),
        (117.6, 118.3),
        (228.9, 229.2),
        (668.4, 669.1),
        (449.2, 448.9),
        (0.2, 0.5),
    ];

    /// NIST Statistical Reference Datasets, Norris: calibration of ozone monitors.
    #[test]
    fn nist_strd_norris() {
        let (y, x) = NORRIS.iter().copied().unzip();
        let fit = fit(&[y, x]).unwrap();
        // The readings are decimals, of which a double has 16 digits; some of them are lost to the residuals.
        close(fit.terms[0].estimate, -0.262_323_073_774_029, 1e-14);
        close(fit.terms[0].se, 0.232_818_234_301_152, 2e-14);
        close(fit.terms[1].estimate, 1.002_116_818_020_45, 1e-14);
        close(fit.terms[1].se, 0.429_796_848_199_937e-3, 2e-14);
        close(fit.sigma, 0.884_796_396_144_373, 2e-14);
        close(fit.r2, 0.999_993_745_883_712, 1e-14);
        let f = fit.f.unwrap();
        close(f.statistic, 5_436_385.540_797_85, 5e-14);
        close(f.p, 4.654_040_852_472_41e-90, 1e-11);
    }

    /// R's mtcars, mpg on weight and horsepower, by mpmath at 50 digits; the limits by R's `qt`:
    /// t(0.975, 29) = 2.045229642132703.
    #[test]
    fn mtcars() {
        let mpg = [
            21.0, 21.0, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2,
            10.4, 10.4, 14.7, 32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26.0, 30.4,
            15.8, 19.7, 15.0, 21.4,
        ];
        let weight = [
            2.620, 2.875, 2.320, 3.215, 3.440, 3.460, 3.570, 3.190, 3.150, 3.440, 3.440, 4.070,
            3.730, 3.780, 5.250, 5.424, 5.345, 2.200, 1.615, 1.835, 2.465, 3.520, 3.435, 3.840,
            3.845, 1.935, 2.140, 1.513, 3.170, 2.770, 3.570, 2.780,
        ];
        let horsepower = [
            110.0, 110.0, 93.0, 110.0, 175.0, 105.0, 245.0, 62.0, 95.0, 123.0, 123.0, 180.0, 180.0,
            180.0, 205.0, 215.0, 230.0, 66.0, 52.0, 65.0, 97.0, 150.0, 150.0, 245.0, 175.0, 66.0,
            91.0, 113.0, 264.0, 175.0, 335.0, 109.0,
        ];
        let fit = fit(&[mpg.to_vec(), weight.to_vec(), horsepower.to_vec()]).unwrap();
        let expected = [
            (
                37.227_270_116_447_2,
                1.598_787_537_999_393,
                2.565_458_511_983_694e-20,
            ),
            (
                -3.877_830_742_404_681,
                0.632_733_494_377_394_7,
                1.119_647_136_200_027e-6,
            ),
            (
                -0.031_772_946_982_161,
                0.009_029_709_675_855_717,
                0.001_451_228_531_569_417,
            ),
        ];
        for (term, (estimate, se, p)) in fit.terms.iter().zip(expected) {
            close(term.estimate, estimate, 1e-12);
            close(term.se, se, 1e-12);
            close(term.test.unwrap().p, p, 1e-10);
            close(
                term.interval.low,
                estimate - 2.045_229_642_132_703 * se,
                1e-10,
            );
            close(
                term.interval.high,
                estimate + 2.045_229_642_132_703 * se,
                1e-10,
            );
        }
        close(fit.adjusted_r2, 0.814_839_620_978_156_3, 1e-13);
        close(fit.f.unwrap().p, 9.109_054_385_221_946e-12, 1e-11);
        let estimates: Vec<f64> = fit.terms.iter().map(|term| term.estimate).collect();
        close(
            predict_least_squares(&estimates, &[2.62, 110.0]).unwrap(),
            23.572_329,
            1e-6,
        );
        assert_eq!(predict_least_squares(&estimates, &[1.0]), None);
        assert_eq!(predict_least_squares(&[0.0, 1e300], &[1e300]), None);
        assert_eq!(predict_least_squares(&[], &[]), None);
    }

    #[test]
    fn what_allows_no_fit_is_said() {
        let (y, x) = (vec![1.0, 3.0, 2.0, 5.0], vec![1.0, 2.0, 3.0, 5.0]);
        let twice = x.iter().map(|x| 7.0 - 2.0 * x).collect::<Vec<_>>();
        let other = vec![0.0, 1.0, 0.0, 0.0];
        assert_eq!(fit(&[vec![], vec![]]), Err(NoLeastSquares::NoRows));
        assert_eq!(fit(&[]), Err(NoLeastSquares::NoRows));
        assert_eq!(
            fit(std::slice::from_ref(&y)),
            Err(NoLeastSquares::NoRegressors)
        );
        assert_eq!(
            fit(&[vec![3.0; 4], x.clone()]),
            Err(NoLeastSquares::ConstantOutcome)
        );
        assert_eq!(
            fit(&[y.clone(), x.clone(), vec![2.0; 4]]),
            Err(NoLeastSquares::ConstantRegressor { regressor: 2 })
        );
        assert_eq!(
            fit(&[vec![1e200, 0.0, 0.0], vec![1.0, 2.0, 4.0]]),
            Err(NoLeastSquares::Overflow)
        );
        let mut longer = [y, x, other, twice].map(|column| [column.clone(), column].concat());
        longer[0][0] = 9.0;
        let error = fit(&longer).unwrap_err();
        assert_eq!(error, NoLeastSquares::Collinear { regressor: 3 });
        assert_eq!(
            error.to_string(),
            "regressor 3 is explained by those before it"
        );
    }

    /// Three rows make a fit of two coefficients, two rows do not.
    #[test]
    fn saturation_is_no_fit() {
        let too_few = fit(&[vec![1.0, 2.0], vec![0.0, 1.0]]);
        assert_eq!(too_few, Err(NoLeastSquares::TooFewRows));
        let enough = fit(&[vec![1.0, 2.0, 2.0], vec![0.0, 1.0, 2.0]]).unwrap();
        close(enough.r2, 0.75, 1e-14);
    }

    #[test]
    fn a_perfect_fit_has_neither_t_nor_f() {
        let x: Vec<f64> = (0..20).map(|i| f64::from(i * i) + 1e6).collect();
        let y = x.iter().map(|x| 3.0 * x - 7.0).collect();
        let fit = fit(&[y, x]).unwrap();
        assert_eq!((fit.f, fit.terms[1].test), (None, None));
        assert!((fit.r2 - 1.0).abs() < 1e-15 && fit.sigma.abs() < 1e-15);
        close(fit.terms[1].estimate, 3.0, 1e-12);
        assert!((fit.terms[1].interval.high - fit.terms[1].interval.low).abs() < 1e-15);
    }

    /// Tenths are no doubles, so points on a line lie beside it by less than a double can show.
    #[test]
    fn what_doubles_cannot_show_is_no_residual() {
        for slope in (1..40).map(|tenths| f64::from(tenths) * 0.1) {
            let x: Vec<f64> = (0..40).map(|i| f64::from(i * i) * 0.1).collect();
            let y: Vec<f64> = x.iter().map(|x| slope * x - 0.7).collect();
            let fit = fit(&[y, x]).unwrap();
            assert_eq!((fit.f, fit.sigma.to_bits()), (None, 0), "{slope}");
            assert_eq!(fit.r2.to_bits(), 1.0_f64.to_bits(), "{slope}");
        }
    }

    /// Three regressors with something of their own each, and an outcome that is not theirs alone.
    fn columns() -> impl Strategy<Value = Vec<Vec<f64>>> {
        vec((-9_i32..9, -9_i32..9, -9_i32..9, -50_i32..50), 8..60).prop_map(|rows| {
            let column = |of: fn(&(i32, i32, i32, i32)) -> i32| {
                rows.iter().map(|row| f64::from(of(row))).collect()
            };
            let y = column(|row| row.0 - 2 * row.1 + row.3);
            vec![
                y,
                column(|row| row.0),
                column(|row| row.1),
                column(|row| row.2),
            ]
        })
    }

    proptest! {
        /// Residuals sum to zero with every regressor: the normal equations.
        #[test]
        fn residuals_have_nothing_to_do_with_the_regressors(columns in columns()) {
            let fit = fit(&columns);
            prop_assume!(fit.is_ok());
            let fit = fit.unwrap();
            let estimates: Vec<f64> = fit.terms.iter().map(|term| term.estimate).collect();
            let residual = |row: usize| {
                let x = [columns[1][row], columns[2][row], columns[3][row]];
                columns[0][row] - predict_least_squares(&estimates, &x).unwrap()
            };
            let residuals: Vec<f64> = (0..columns[0].len()).map(residual).collect();
            prop_assert!(residuals.iter().sum::<f64>().abs() < 1e-8);
            for column in &columns[1..] {
                let product: f64 = column.iter().zip(&residuals).map(|(x, e)| x * e).sum();
                prop_assert!(product.abs() < 1e-7, "{product}");
            }
            let squares: f64 = residuals.iter().map(|e| e * e).sum();
            let df = columns[0].len() as f64 - 4.0;
            prop_assert!((squares / df - fit.sigma * fit.sigma).abs() < 1e-8);
        }

        /// x → a + b·x divides the slope by b and changes neither t nor F.
        #[test]
        fn units_and_offsets_do_not_matter(
            columns in columns(), unit in 1_i32..1000, offset in -1_000_000_000_i64..1_000_000_000
        ) {
            let before = fit(&columns);
            prop_assume!(before.is_ok());
            let before = before.unwrap();
            prop_assume!(before.f.is_some());
            let mut columns = columns;
            let unit = f64::from(unit);
            columns[2].iter_mut().for_each(|x| *x = offset as f64 + unit * *x);
            let after = fit(&columns).unwrap();
            let slope = (before.terms[2].estimate, unit * after.terms[2].estimate);
            prop_assert!((slope.0 - slope.1).abs() < 1e-10 * (1.0 + slope.0.abs()));
            prop_assert!((before.r2 - after.r2).abs() < 1e-12);
            let (one, other) = (before.terms[2].test.unwrap(), after.terms[2].test.unwrap());
            prop_assert!((one.statistic - other.statistic).abs() < 1e-9 * (1.0 + one.statistic.abs()));
        }
    }
}
