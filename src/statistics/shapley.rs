//! The share of R² that each driver earns, averaged over all orders in which they could enter.
//!
//! Correlated drivers share what they explain, and a regression gives it to whoever comes first.
//! Lindeman, Merenda & Gold (1980), "Introduction to Bivariate and Multivariate Analysis", average
//! over the orders (LMG), which is the value of Shapley (1953) of the game whose worth is R².

use super::partial::Partial;

/// With more drivers there are too many sub-models: 2²⁰ take eight megabytes and some tenths of a
/// second.
pub(super) const MOST: usize = 20;

/// The LMG share of each variable in explaining the last; they add up to its R². No more than
/// [`MOST`] drivers, nothing taken out yet.
///
/// The R² of a set counts what its members span, so a driver that others explain wholly is no harm:
/// it shares with them what they have in common, and copies earn the same.
pub(super) fn shapley(correlations: &Partial) -> Vec<f64> {
    let drivers = correlations.size() - 1;
    let explained = sub_models(correlations);
    let weights = weights(drivers);
    let gain = |driver: usize| {
        let own = 1 << driver;
        let without = (0..explained.len()).filter(|set| set & own == 0);
        let gains = without.map(|set| {
            let more = explained[set | own] - explained[set];
            weights[set.count_ones() as usize] * more.max(0.0)
        });
        gains.sum()
    };
    (0..drivers).map(gain).collect()
}

/// R² of each set of drivers; bit i of the place says whether driver i is in it.
fn sub_models(correlations: &Partial) -> Vec<f64> {
    let drivers = correlations.size() - 1;
    let mut walk = Walk {
        left: vec![correlations.clone(); drivers + 1],
        explained: vec![0.0; 1 << drivers],
    };
    walk.decide(0, 0, 0, 0.0);
    walk.explained
}

/// A walk down the tree of all sets: at each driver the way parts into the sets without it and with
/// it. Only the later drivers are ever looked at, and few are left where the ways are many: all 2ᵏ
/// sets together cost about 3·2ᵏ steps.
struct Walk {
    /// What is left of the later variables, by how many drivers are in the set.
    left: Vec<Partial>,
    explained: Vec<f64>,
}

impl Walk {
    fn decide(&mut self, driver: usize, members: usize, set: usize, explained: f64) {
        let outcome = self.left.len() - 1;
        if driver == outcome {
            self.explained[set] = explained;
            return;
        }
        self.decide(driver + 1, members, set, explained);
        let (known, next) = self.left.split_at_mut(members + 1);
        let known = &known[members];
        known.without(driver, &mut next[0]);
        let more = known.explains(driver, outcome).unwrap_or(0.0);
        self.decide(driver + 1, members + 1, set | 1 << driver, explained + more);
    }
}

/// How much a gain counts that a driver makes after `size` others: one over the number of drivers
/// and of the sets of that size.
fn weights(drivers: usize) -> Vec<f64> {
    let mut sets = 1.0;
    let weight = |size: usize| {
        let weight = 1.0 / (drivers as f64 * sets);
        sets *= (drivers - 1 - size) as f64 / (size + 1) as f64;
        weight
    };
    (0..drivers).map(weight).collect()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{prop_assert, prop_assume, proptest};

    use super::*;
    use crate::statistics::{Confidence, CrossProducts, Symmetric, least_squares};

    fn of(cells: &[&[f64]]) -> Vec<f64> {
        let matrix = Symmetric::of(cells.len(), |row, column| cells[row][column]);
        let places: Vec<usize> = (0..cells.len()).collect();
        shapley(&Partial::of(&matrix, &places).unwrap())
    }

    #[track_caller]
    fn close(found: &[f64], expected: &[f64], digits: f64) {
        assert_eq!(found.len(), expected.len());
        let mut pairs = found.iter().zip(expected);
        assert!(pairs.all(|(a, b)| (a - b).abs() < digits), "{found:?}");
    }

    /// Two drivers with r = 0.5 between them, 0.6 and 0.4 with the outcome: R² is 0.28/0.75, and each
    /// gets the mean of what it explains first, r², and second, R² − r²(other).
    #[test]
    fn two_drivers_by_hand() {
        let found = of(&[&[1.0], &[0.5, 1.0], &[0.6, 0.4, 1.0]]);
        let r2 = 0.28 / 0.75;
        let first = 0.5 * (0.36 + r2 - 0.16);
        close(&found, &[first, r2 - first], 1e-15);
        close(&of(&[&[1.0], &[0.3, 1.0]]), &[0.09], 1e-15);
        close(&of(&[&[1.0]]), &[], 1e-15);
    }

    /// Grömping (2006), J. Statistical Software 17(1): R's swiss, fertility on agriculture,
    /// examination, education, Catholic, infant mortality.
    #[test]
    fn groemping_2006_swiss() {
        let found = of(&[
            &[1.0],
            &[-0.686_542_208_617_136_5, 1.0],
            &[-0.639_522_518_948_320_1, 0.698_415_296_288_482_9, 1.0],
            &[
                0.401_095_053_048_739_9,
                -0.572_741_806_064_166_6,
                -0.153_858_917_090_914_8,
                1.0,
            ],
            &[
                -0.060_858_608_416_581_64,
                -0.114_021_596_482_033_5,
                -0.099_321_845_821_345_6,
                0.175_495_907_596_622_9,
                1.0,
            ],
            &[
                0.353_079_183_619_974_8,
                -0.645_882_706_457_287_6,
                -0.663_788_857_035_069_2,
                0.463_684_700_651_794,
                0.416_556_031_434_982_6,
                1.0,
            ],
        ]);
        let published = [0.05709122, 0.17117303, 0.26013468, 0.10557015, 0.11276592];
        close(&found, &published, 5e-9);
    }

    /// The second and third are copies, and the fourth is the mean of the first two, uncorrelated:
    /// all their sub-models are those of two drivers.
    #[test]
    fn copies_share_and_sums_have_what_they_sum() {
        let half = 0.5_f64.sqrt();
        let found = of(&[
            &[1.0],
            &[0.0, 1.0],
            &[0.0, 1.0, 1.0],
            &[half, half, half, 1.0],
            &[0.6, 0.4, 0.4, half, 1.0],
        ]);
        assert!((found.iter().sum::<f64>() - 0.52).abs() < 1e-14);
        assert!((found[1] - found[2]).abs() < 1e-15);
        // By hand, R² of the sets of the first, a copy and the mean: 0.36, 0.16, 0.5; any two 0.52.
        let three = of(&[
            &[1.0],
            &[0.0, 1.0],
            &[half, half, 1.0],
            &[0.6, 0.4, half, 1.0],
        ]);
        let gain = |alone: f64, second: [f64; 2]| alone / 3.0 + (second[0] + second[1]) / 6.0;
        let expected = [
            gain(0.36, [0.52 - 0.16, 0.52 - 0.5]),
            gain(0.16, [0.52 - 0.36, 0.52 - 0.5]),
            gain(0.5, [0.52 - 0.36, 0.52 - 0.16]),
        ];
        close(&three, &expected, 1e-14);
    }

    /// With a constant correlation a outside and b to the outcome R² of s drivers is s·b²/(1 + (s−1)·a),
    /// and all earn the same.
    #[test]
    fn twelve_alike_earn_the_same() {
        let matrix = Symmetric::of(13, |row, column| match (row, column) {
            (12, 12) => 1.0,
            (12, _) => 0.5,
            _ if row == column => 1.0,
            _ => 0.4,
        });
        let places: Vec<usize> = (0..13).collect();
        let found = shapley(&Partial::of(&matrix, &places).unwrap());
        close(&found, &[0.25 / 5.4; 12], 1e-13);
    }

    proptest! {
        /// The mean gain over all orders, each R² from a regression of its own.
        #[test]
        fn the_mean_over_all_orders(rows in vec((-9_i32..9, -9_i32..9, -9_i32..9, -9_i32..9), 8..30)) {
            let column = |of: fn(&(i32, i32, i32, i32)) -> i32| rows.iter().map(|row| f64::from(of(row))).collect();
            let columns: [Vec<f64>; 4] = [
                column(|row| row.0),
                column(|row| row.1 + row.0),
                column(|row| row.2 - row.1),
                column(|row| row.3),
            ];
            let r2 = |drivers: &[usize]| -> Option<f64> {
                let picked = [0].iter().chain(drivers).map(|place| columns[*place].clone());
                let of = CrossProducts::of(&picked.collect::<Vec<_>>());
                Some(least_squares(&of, Confidence::default()).ok()?.r2)
            };
            prop_assume!(r2(&[1, 2, 3]).is_some());
            let of = CrossProducts::of(&columns);
            let found = shapley(&Partial::of(&of.products, &[1, 2, 3, 0]).unwrap());
            let mut gains = [0.0; 3];
            for order in [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]] {
                for size in 0..3 {
                    let before = if size == 0 { 0.0 } else { r2(&order[..size]).unwrap() };
                    gains[order[size] - 1] += (r2(&order[..=size]).unwrap() - before) / 6.0;
                }
            }
            for (found, gain) in found.iter().zip(gains) {
                prop_assert!((found - gain).abs() < 1e-11 && *found >= 0.0);
            }
        }
    }
}
