//! What drives an outcome: how much each driver explains of it, how well it does, what to do first.
//!
//! Importance against performance (Martilla & James 1977, J. Marketing 41) says where to act: what
//! matters and goes badly. Importance is the Shapley share of R², which correlated drivers divide
//! fairly, beside Johnson's weight, the standardised coefficient and what they are worth (VIF).

use super::cross_products::CrossProducts;
use super::partial::Partial;
use super::relative_weights::relative_weights;
use super::shapley::{MOST, shapley};

/// An R² below this is the rounding of correlations that are 0.
const NOTHING: f64 = 1e-24;

/// Values this little apart, in units of the largest, are the same but for rounding.
const TIE: f64 = 1e-12;

/// Why some or all that there is to say of a driver is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DriverGap {
    /// There are no complete rows; nothing is known.
    #[error("there are no complete rows")]
    NoRows,
    /// No more rows than coefficients, so that they would explain any outcome wholly; only means
    /// and correlations are given.
    #[error("there are no more rows than coefficients")]
    TooFewRows,
    /// The outcome is the same in every row; only means are given.
    #[error("the outcome never varies")]
    ConstantOutcome,
    /// This driver is the same in every row; it has a mean and is left out of all else.
    #[error("the driver never varies")]
    ConstantDriver,
    /// Others explain this driver wholly: no beta, no sign, no VIF. Its importance is given.
    #[error("the other drivers explain this one, so it has no beta of its own")]
    Collinear,
    /// Too many drivers for Shapley shares, and so for quadrants; all else is given.
    #[error("Shapley shares need at most 20 drivers")]
    TooManyDrivers,
    /// R² is 0: there is nothing to share, and no quadrant.
    #[error("the drivers explain nothing of the outcome")]
    Unexplained,
    /// Values too large or too small for a double once squared.
    #[error("the values are outside the range of a double")]
    Overflow,
}

/// The direction in which a driver moves the outcome, the others held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// More of it, more of the outcome.
    Positive,
    /// More of it, less of the outcome.
    Negative,
}

/// Importance and performance against the means of all drivers; one at the mean counts as above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quadrant {
    /// Important, performs below the others.
    ConcentrateHere,
    /// Important, performs above the others.
    KeepUp,
    /// Unimportant, performs below the others.
    LowPriority,
    /// Unimportant, performs above the others.
    Overkill,
}

/// What is known of one driver; `gap` says why a field is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Driver {
    /// How many rows, the same for all drivers.
    pub n: u64,
    /// Its mean.
    pub performance: Option<f64>,
    /// Its correlation with the outcome.
    pub correlation: Option<f64>,
    /// The coefficient of the regression on all drivers, in standard deviations.
    pub beta: Option<f64>,
    /// Its part of R² (Lindeman, Merenda & Gold 1980); those of all drivers add up to it.
    pub shapley: Option<f64>,
    /// The same as a fraction of R².
    pub shapley_share: Option<f64>,
    /// Its part of R² by Johnson (2000); those of all drivers add up to it.
    pub johnson: Option<f64>,
    /// The same as a fraction of R².
    pub johnson_share: Option<f64>,
    /// How many times the other drivers inflate the variance of its coefficient, 1 at least.
    pub vif: Option<f64>,
    /// The direction of beta.
    pub sign: Option<Sign>,
    /// What to do, with `shapley` for importance.
    pub quadrant: Option<Quadrant>,
    /// Why something is missing.
    pub gap: Option<DriverGap>,
}

/// The drivers in columns 1 and up of the outcome in column 0, in their order.
///
/// A driver that never varies is left out and does not spoil the rest. Drivers that explain each
/// other wholly keep their importance, which sets of drivers define and not coefficients: copies
/// share it equally. (R's relaimpo refuses both.)
#[must_use]
pub fn drivers(of: &CrossProducts) -> Vec<Driver> {
    let mut drivers: Vec<Driver> = (1..of.width())
        .map(|column| first_look(of, column))
        .collect();
    let vary = |column: &usize| drivers[column - 1].gap.is_none();
    let columns: Vec<usize> = (1..of.width()).filter(vary).collect();
    if columns.is_empty() {
        return drivers;
    }
    let found = weigh(of, &columns);
    for (place, column) in columns.iter().enumerate() {
        let driver = &mut drivers[column - 1];
        match &found {
            Some(found) => *driver = found[place],
            None => driver.gap = Some(DriverGap::Overflow),
        }
    }
    drivers
}

/// What a driver is by itself, with the reason why it is not more.
fn first_look(of: &CrossProducts, column: usize) -> Driver {
    let vary = (1..of.width()).filter(|column| of.varies(*column)).count() as u64;
    let is_finite =
        |column: usize| of.means[column].is_finite() && of.products.at(column, column).is_finite();
    let gap = if of.n == 0 {
        Some(DriverGap::NoRows)
    } else if !(0..of.width()).all(is_finite) {
        Some(DriverGap::Overflow)
    } else if of.n <= vary.max(1) + 1 {
        Some(DriverGap::TooFewRows)
    } else if !of.varies(0) {
        Some(DriverGap::ConstantOutcome)
    } else {
        (!of.varies(column)).then_some(DriverGap::ConstantDriver)
    };
    let is_sound = is_finite(0) && is_finite(column);
    let mean = of.means[column];
    Driver {
        n: of.n,
        performance: (of.n > 0 && mean.is_finite()).then_some(mean),
        correlation: of.correlation(0, column).filter(|_| is_sound),
        beta: None,
        shapley: None,
        shapley_share: None,
        johnson: None,
        johnson_share: None,
        vif: None,
        sign: None,
        quadrant: None,
        gap,
    }
}

/// The drivers in these columns, all of which vary, weighed against each other.
fn weigh(of: &CrossProducts, columns: &[usize]) -> Option<Vec<Driver>> {
    let places: Vec<usize> = columns.iter().copied().chain([0]).collect();
    let correlations = Partial::of(&of.products, &places)?;
    let r2 = explained(&correlations);
    let with_outcome: Option<Vec<f64>> = columns.iter().map(|x| of.correlation(*x, 0)).collect();
    let among = of.products.select(columns).standardised()?;
    let johnson = relative_weights(&among, &with_outcome?)?;
    let shapley = (columns.len() <= MOST).then(|| shapley(&correlations));
    let share = |part: f64| (r2 > NOTHING).then(|| part / r2);
    let driver = |place: usize| {
        let slope = slope(of, columns, place);
        let shapley = shapley.as_ref().map(|parts| parts[place]);
        let gaps = [
            (slope.is_none(), DriverGap::Collinear),
            (shapley.is_none(), DriverGap::TooManyDrivers),
            (r2 <= NOTHING, DriverGap::Unexplained),
        ];
        Driver {
            beta: slope.map(|(beta, _)| beta),
            vif: slope.map(|(_, vif)| vif),
            sign: slope.and_then(|(beta, _)| sign(beta)),
            shapley,
            shapley_share: shapley.and_then(share),
            johnson: Some(johnson[place]),
            johnson_share: share(johnson[place]),
            gap: gaps.iter().find(|(is_so, _)| *is_so).map(|(_, gap)| *gap),
            ..first_look(of, columns[place])
        }
    };
    let mut drivers: Vec<Driver> = (0..columns.len()).map(driver).collect();
    if r2 > NOTHING {
        place_in_quadrants(&mut drivers);
    }
    Some(drivers)
}

/// R² of the last variable on all others.
fn explained(correlations: &Partial) -> f64 {
    let mut left = correlations.clone();
    let outcome = left.size() - 1;
    let more = |driver: usize| {
        let more = left.explains(driver, outcome).unwrap_or(0.0);
        left.take_out(driver);
        more
    };
    (0..outcome).map(more).sum()
}

/// Beta and VIF of one of the drivers beside the others; none where they explain it.
fn slope(of: &CrossProducts, columns: &[usize], place: usize) -> Option<(f64, f64)> {
    let others = columns.iter().filter(|column| **column != columns[place]);
    let places: Vec<usize> = others.copied().chain([columns[place], 0]).collect();
    let mut left = Partial::of(&of.products, &places)?;
    let (driver, outcome) = (columns.len() - 1, columns.len());
    (0..driver).for_each(|other| left.take_out(other));
    left.explains(driver, outcome)?;
    let own = left.own(driver);
    Some((left.shared(outcome, driver) / own, (1.0 / own).max(1.0)))
}

fn sign(beta: f64) -> Option<Sign> {
    if beta > 0.0 {
        Some(Sign::Positive)
    } else {
        (beta < 0.0).then_some(Sign::Negative)
    }
}

fn place_in_quadrants(drivers: &mut [Driver]) {
    let importance = drivers.iter().map(|driver| driver.shapley).collect();
    let performance = drivers.iter().map(|driver| driver.performance).collect();
    let (Some(important), Some(performing)) = (above_mean(importance), above_mean(performance))
    else {
        return;
    };
    for (place, driver) in drivers.iter_mut().enumerate() {
        driver.quadrant = Some(match (important[place], performing[place]) {
            (true, false) => Quadrant::ConcentrateHere,
            (true, true) => Quadrant::KeepUp,
            (false, false) => Quadrant::LowPriority,
            (false, true) => Quadrant::Overkill,
        });
    }
}

/// Whether each value is at or above the mean of all; none where one is missing.
fn above_mean(values: Option<Vec<f64>>) -> Option<Vec<bool>> {
    let values = values?;
    let largest = values
        .iter()
        .fold(0.0_f64, |most, value| most.max(value.abs()));
    // Scaled first: a sum of large values would overflow.
    let scaled = values
        .iter()
        .map(|value| if largest > 0.0 { value / largest } else { 0.0 });
    let scaled: Vec<f64> = scaled.collect();
    let mean = scaled.iter().sum::<f64>() / scaled.len() as f64;
    Some(scaled.iter().map(|value| *value >= mean - TIE).collect())
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{prop_assert, prop_assume, proptest};

    use super::*;
    use crate::statistics::{Confidence, Symmetric, least_squares};

    #[track_caller]
    fn close(found: Option<f64>, expected: f64, digits: f64) {
        let found = found.unwrap();
        assert!(
            (found - expected).abs() < digits,
            "{found}, expected {expected}"
        );
    }

    /// R's mtcars, miles per gallon on cylinders, displacement, horsepower and gears: its
    /// correlations; the means of the drivers are made up.
    fn mtcars() -> CrossProducts {
        let cells = [
            [1.0, 0.0, 0.0, 0.0, 0.0],
            [-0.852_161_959_426_613_1, 1.0, 0.0, 0.0, 0.0],
            [
                -0.847_551_379_262_478_6,
                0.902_032_872_146_998_8,
                1.0,
                0.0,
                0.0,
            ],
            [
                -0.776_168_371_826_586_4,
                0.832_447_452_721_819_4,
                0.790_948_586_369_806_4,
                1.0,
                0.0,
            ],
            [
                0.480_284_757_338_842_1,
                -0.492_686_599_389_471_2,
                -0.555_569_198_562_482_6,
                -0.125_704_258_225_474_2,
                1.0,
            ],
        ];
        CrossProducts::new(
            32,
            vec![20.090_625, 0.0, 1.0, 1.0, 0.0],
            Symmetric::of(5, |row, column| cells[row][column]),
        )
    }

    /// Johnson's weights from the manual of R's rwa; Shapley shares and VIF by mpmath over all orders
    /// at 40 digits.
    #[test]
    fn mtcars_drivers() {
        let expected = [
            (
                0.247_052_033_235_208,
                0.228_479_7,
                29.32274,
                7.746_515_067_670_74,
                Sign::Negative,
            ),
            (
                0.243_499_594_795_640,
                0.222_146_9,
                28.50999,
                7.320_790_120_343_13,
                Sign::Negative,
            ),
            (
                0.210_912_899_544_274,
                0.232_174_4,
                29.79691,
                6.217_361_492_258_18,
                Sign::Negative,
            ),
            (
                0.077_725_111_407_933,
                0.096_388_6,
                12.37037,
                2.685_245_233_645_90,
                Sign::Positive,
            ),
        ];
        let quadrants = [
            Quadrant::ConcentrateHere,
            Quadrant::KeepUp,
            Quadrant::KeepUp,
            Quadrant::LowPriority,
        ];
        let found = drivers(&mtcars());
        for (place, (shapley, johnson, share, vif, sign)) in expected.into_iter().enumerate() {
            let driver = &found[place];
            close(driver.shapley, shapley, 1e-14);
            close(driver.shapley_share, shapley / 0.779_189_638_983_056, 1e-14);
            close(driver.johnson, johnson, 5e-8);
            close(driver.johnson_share, share / 100.0, 5e-8);
            close(driver.vif, vif, 1e-12);
            assert_eq!(
                (driver.sign, driver.quadrant),
                (Some(sign), Some(quadrants[place]))
            );
            assert_eq!((driver.n, driver.gap), (32, None));
            close(
                driver.correlation,
                mtcars().products.at(0, place + 1),
                1e-15,
            );
        }
    }

    /// The fourth quadrant, and the borders: what lies at the mean counts as above it.
    #[test]
    fn quadrants_and_their_borders() {
        let of = |r: [f64; 2], means: [f64; 2]| {
            let cells = [[1.0, 0.0, 0.0], [r[0], 1.0, 0.0], [r[1], 0.0, 1.0]];
            let found = drivers(&CrossProducts::new(
                100,
                vec![5.0, means[0], means[1]],
                Symmetric::of(3, |row, column| cells[row][column]),
            ));
            [found[0].quadrant.unwrap(), found[1].quadrant.unwrap()]
        };
        let unimportant = of([0.2, 0.5], [9.0, 1.0]);
        assert_eq!(unimportant, [Quadrant::Overkill, Quadrant::ConcentrateHere]);
        assert_eq!(of([0.3, 0.3], [4.0, 4.0]), [Quadrant::KeepUp; 2]);
        assert_eq!(of([0.3, -0.3], [0.0, 0.0]), [Quadrant::KeepUp; 2]);
        let large = of([0.5, 0.2], [1e308, 1.7e308]);
        assert_eq!(large, [Quadrant::ConcentrateHere, Quadrant::Overkill]);
    }

    /// Three drivers and an outcome with something of each.
    fn columns() -> [Vec<f64>; 4] {
        let column = |of: fn(i32) -> i32| (0..40).map(|i| f64::from(of(i))).collect();
        [
            column(|i| (i * 7) % 11 + (i % 3) * 2 - i % 5),
            column(|i| (i * 7) % 11),
            column(|i| i % 3),
            column(|i| i % 5),
        ]
    }

    #[test]
    fn a_constant_driver_does_not_spoil_the_rest() {
        let [y, a, b, _] = columns();
        let without = drivers(&CrossProducts::of(&[y.clone(), a.clone(), b.clone()]));
        let with = drivers(&CrossProducts::of(&[y, a, vec![4.0; 40], b]));
        assert_eq!([with[0], with[2]], [without[0], without[1]]);
        let constant = with[1];
        assert_eq!(constant.gap, Some(DriverGap::ConstantDriver));
        assert_eq!(
            (constant.performance, constant.correlation),
            (Some(4.0), None)
        );
        assert_eq!((constant.shapley, constant.quadrant), (None, None));
    }

    #[test]
    fn copies_share_what_one_would_have_and_have_no_beta() {
        let [y, a, b, c] = columns();
        let alone = drivers(&CrossProducts::of(&[
            y.clone(),
            a.clone(),
            b.clone(),
            c.clone(),
        ]));
        let copy: Vec<f64> = a.iter().map(|x| 100.0 - 3.0 * x).collect();
        let found = drivers(&CrossProducts::of(&[y, a, b, copy, c]));
        for copy in [found[0], found[2]] {
            assert_eq!(copy.gap, Some(DriverGap::Collinear));
            assert_eq!((copy.beta, copy.vif, copy.sign), (None, None, None));
            assert!(copy.quadrant.is_some());
        }
        assert!((found[0].shapley.unwrap() - found[2].shapley.unwrap()).abs() < 1e-14);
        assert!((found[0].johnson.unwrap() - found[2].johnson.unwrap()).abs() < 1e-12);
        for (with, without) in [(found[1], alone[1]), (found[3], alone[2])] {
            assert_eq!(with.gap, None);
            close(with.beta, without.beta.unwrap(), 1e-12);
            close(with.vif, without.vif.unwrap(), 1e-12);
        }
        let total = |parts: &[Driver]| parts.iter().filter_map(|one| one.shapley).sum::<f64>();
        assert!((total(&found) - total(&alone)).abs() < 1e-12);
    }

    #[test]
    fn what_is_missing_is_said() {
        let gaps = |columns: &[Vec<f64>]| -> Vec<Option<DriverGap>> {
            let found = drivers(&CrossProducts::of(columns));
            found.iter().map(|driver| driver.gap).collect()
        };
        let [y, a, b, _] = columns();
        assert!(gaps(&[]).is_empty() && gaps(std::slice::from_ref(&y)).is_empty());
        assert_eq!(gaps(&[vec![], vec![]]), [Some(DriverGap::NoRows)]);
        let none = drivers(&CrossProducts::of(&[vec![], vec![]]));
        assert_eq!(none[0].performance, None);
        let few = [y[..3].to_vec(), a[..3].to_vec(), b[..3].to_vec()];
        assert_eq!(gaps(&few), [Some(DriverGap::TooFewRows); 2]);
        assert!(drivers(&CrossProducts::of(&few))[0].correlation.is_some());
        assert_eq!(gaps(&[y[..3].to_vec(), a[..3].to_vec()]), [None]);
        assert_eq!(
            gaps(&[vec![2.0; 40], a]),
            [Some(DriverGap::ConstantOutcome)]
        );
        assert_eq!(
            gaps(&[y.clone(), vec![2.0; 40]]),
            [Some(DriverGap::ConstantDriver)]
        );
        let large = y.iter().map(|x| x * 1e200).collect();
        let of = CrossProducts::of(&[y.clone(), large]);
        assert_eq!(drivers(&of)[0].correlation, None);
        assert_eq!(drivers(&of)[0].gap, Some(DriverGap::Overflow));
        let signs = [1.0, -1.0, 1.0, -1.0].to_vec();
        let nothing = [vec![1.0, 1.0, 2.0, 2.0], signs];
        assert_eq!(gaps(&nothing), [Some(DriverGap::Unexplained)]);
        let found = drivers(&CrossProducts::of(&nothing))[0];
        assert_eq!(
            (found.shapley_share, found.johnson_share, found.quadrant),
            (None, None, None)
        );
        close(found.shapley, 0.0, 1e-24);
    }

    /// Two drivers that go neither with each other nor, the second, with the outcome.
    #[test]
    fn no_beta_has_no_sign() {
        let products = Symmetric::of(3, |row, column| match (row, column) {
            _ if row == column => 1.0,
            (1, 0) => -0.5,
            _ => 0.0,
        });
        let found = drivers(&CrossProducts::new(50, vec![1.0; 3], products));
        assert_eq!(
            [0, 1].map(|place| found[place].sign),
            [Some(Sign::Negative), None]
        );
    }

    /// Twenty-one uncorrelated drivers: no Shapley shares, the rest as ever.
    #[test]
    fn too_many_for_shapley() {
        let products = Symmetric::of(22, |row, column| match (row, column) {
            _ if row == column => 1.0,
            (_, 0) => 0.1,
            _ => 0.0,
        });
        let found = drivers(&CrossProducts::new(50, vec![1.0; 22], products));
        for driver in found {
            assert_eq!(driver.gap, Some(DriverGap::TooManyDrivers));
            assert_eq!((driver.shapley, driver.quadrant), (None, None));
            close(driver.johnson, 0.01, 1e-14);
            close(driver.beta, 0.1, 1e-14);
        }
    }

    proptest! {
        #[test]
        fn parts_add_up_to_r2_whatever_the_units(
            rows in vec((-9_i32..9, -9_i32..9, -9_i32..9, -9_i32..9), 8..40), unit in 1_i32..1000
        ) {
            let column = |of: fn(&(i32, i32, i32, i32)) -> i32| rows.iter().map(|row| f64::from(of(row))).collect();
            let mut columns: [Vec<f64>; 4] = [
                column(|row| row.0),
                column(|row| row.1 - row.0),
                column(|row| row.2 + row.1),
                column(|row| row.3),
            ];
            let of = CrossProducts::of(&columns);
            let fit = least_squares(&of, Confidence::default());
            prop_assume!(fit.is_ok());
            let fit = fit.unwrap();
            prop_assume!(fit.r2 > 1e-6);
            let found = drivers(&of);
            let total = |part: fn(&Driver) -> Option<f64>| found.iter().filter_map(part).sum::<f64>();
            prop_assert!((total(|one| one.shapley) - fit.r2).abs() < 1e-11);
            prop_assert!((total(|one| one.johnson) - fit.r2).abs() < 1e-11);
            prop_assert!((total(|one| one.shapley_share) - 1.0).abs() < 1e-11);
            prop_assert!((total(|one| one.johnson_share) - 1.0).abs() < 1e-11);
            let sd = |place: usize| of.products.at(place, place).sqrt();
            for (place, driver) in found.iter().enumerate() {
                let beta = fit.terms[place + 1].estimate * sd(place + 1) / sd(0);
                prop_assert!((driver.beta.unwrap() - beta).abs() < 1e-9);
                prop_assert!(driver.vif.unwrap() >= 1.0);
            }
            columns[2].iter_mut().for_each(|x| *x = 1e6 - f64::from(unit) * *x);
            let turned = drivers(&CrossProducts::of(&columns));
            for (one, other) in found.iter().zip(&turned) {
                prop_assert!((one.shapley.unwrap() - other.shapley.unwrap()).abs() < 1e-10);
                prop_assert!((one.johnson.unwrap() - other.johnson.unwrap()).abs() < 1e-10);
            }
            prop_assert!((found[1].beta.unwrap() + turned[1].beta.unwrap()).abs() < 1e-8);
        }
    }
}
