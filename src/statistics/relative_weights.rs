//! Johnson's relative weights: what each driver explains, by way of drivers that do not overlap.
//!
//! Johnson (2000), Multivariate Behavioral Research 35: the uncorrelated variables closest to the
//! drivers are regressed on, and what each explains goes back to the drivers that it stands for.
//! Close to the Shapley shares, for any number of drivers.

use super::linear::Symmetric;

/// Below this share of a driver's variance a direction holds nothing but rounding.
const NOTHING: f64 = 1e-10;

/// The weight of each driver, from the correlations among them and with the outcome; they add up to
/// R². None where there are no drivers.
///
/// With Λ = R^½: the closest uncorrelated variables explain β² with β = Λ⁻¹r, and the drivers load on
/// them with Λ. Where drivers explain each other wholly Λ⁻¹ is the inverse on what they span, the
/// weights still add up to R², and copies earn the same.
pub(super) fn relative_weights(among: &Symmetric, with_outcome: &[f64]) -> Option<Vec<f64>> {
    let size = among.size();
    if size == 0 {
        return None;
    }
    let directions = among.eigen()?;
    // Σ over directions of f(eigenvalue)·vᵢ·vⱼ: a function of the matrix.
    let of_matrix = |f: fn(f64) -> f64| {
        Symmetric::of(size, |row, column| {
            let spanned = directions.iter().filter(|(value, _)| *value > NOTHING);
            spanned
                .map(|(value, vector)| f(*value) * vector[row] * vector[column])
                .sum()
        })
    };
    let root = of_matrix(f64::sqrt);
    let inverse_root = of_matrix(|value| 1.0 / value.sqrt());
    let explained: Vec<f64> = (0..size)
        .map(|row| {
            let products = with_outcome.iter().enumerate();
            let beta: f64 = products
                .map(|(column, r)| inverse_root.at(row, column) * r)
                .sum();
            beta * beta
        })
        .collect();
    let weight = |driver: usize| {
        let shares = explained.iter().enumerate();
        shares
            .map(|(place, explained)| root.at(driver, place).powi(2) * explained)
            .sum()
    };
    Some((0..size).map(weight).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: &[f64], expected: &[f64], digits: f64) {
        assert_eq!(found.len(), expected.len());
        let mut pairs = found.iter().zip(expected);
        assert!(pairs.all(|(a, b)| (a - b).abs() < digits), "{found:?}");
    }

    /// The manual of R's rwa: mtcars, miles per gallon on cylinders, displacement, horsepower, gears.
    #[test]
    fn rwa_mtcars() {
        let cells = [
            [1.0, 0.0, 0.0, 0.0],
            [0.902_032_872_146_998_8, 1.0, 0.0, 0.0],
            [0.832_447_452_721_819_4, 0.790_948_586_369_806_4, 1.0, 0.0],
            [
                -0.492_686_599_389_471_2,
                -0.555_569_198_562_482_6,
                -0.125_704_258_225_474_2,
                1.0,
            ],
        ];
        let among = Symmetric::of(4, |row, column| cells[row][column]);
        let with_outcome = [
            -0.852_161_959_426_613_1,
            -0.847_551_379_262_478_6,
            -0.776_168_371_826_586_4,
            0.480_284_757_338_842_1,
        ];
        let found = relative_weights(&among, &with_outcome).unwrap();
        let published = [0.228_479_7, 0.222_146_9, 0.232_174_4, 0.096_388_6];
        close(&found, &published, 5e-8);
        assert!((found.iter().sum::<f64>() - 0.779_189_638_983_055_9).abs() < 1e-13);
    }

    /// Two drivers with r = 0.6: Λ has (√1.6 ± √0.4)/2 on and off the diagonal, and Λ⁻¹ its inverse.
    #[test]
    fn two_drivers_by_hand() {
        let among = Symmetric::of(2, |row, column| if row == column { 1.0 } else { 0.6 });
        let (sum, difference) = (1.6_f64.sqrt(), 0.4_f64.sqrt());
        let (own, other) = (0.5 * (sum + difference), 0.5 * (sum - difference));
        let (own_inverse, other_inverse) = (
            0.5 * (1.0 / sum + 1.0 / difference),
            0.5 * (1.0 / sum - 1.0 / difference),
        );
        let first = (own_inverse * 0.5 + other_inverse * 0.2).powi(2);
        let second = (other_inverse * 0.5 + own_inverse * 0.2).powi(2);
        let expected = [
            own * own * first + other * other * second,
            other * other * first + own * own * second,
        ];
        close(
            &relative_weights(&among, &[0.5, 0.2]).unwrap(),
            &expected,
            1e-14,
        );
    }

    #[test]
    fn uncorrelated_drivers_keep_their_own_and_copies_share() {
        let apart = Symmetric::of(2, |row, column| if row == column { 1.0 } else { 0.0 });
        close(
            &relative_weights(&apart, &[0.5, -0.2]).unwrap(),
            &[0.25, 0.04],
            1e-15,
        );
        let copies = Symmetric::of(2, |_, _| 1.0);
        close(
            &relative_weights(&copies, &[0.5, 0.5]).unwrap(),
            &[0.125, 0.125],
            1e-14,
        );
        let mirrored = Symmetric::of(2, |row, column| if row == column { 1.0 } else { -1.0 });
        close(
            &relative_weights(&mirrored, &[0.5, -0.5]).unwrap(),
            &[0.125, 0.125],
            1e-14,
        );
        assert_eq!(relative_weights(&Symmetric::of(0, |_, _| 0.0), &[]), None);
    }
}
