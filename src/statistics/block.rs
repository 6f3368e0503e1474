//! Sums over blocks of rows, as fast as the values allow.
//!
//! Scores and flags are small whole numbers, whose products a plain double adds up without rounding:
//! several at once, with nothing to wait for. All else is added in double-doubles.

use super::summation::Sum;

/// Rows summed at once: 2¹² products below 2⁴⁰ stay below 2⁵³.
pub(super) const BLOCK: usize = 4096;

/// Whole numbers up to here have products that a block sums exactly in plain doubles: 2²⁰.
const SMALL: f64 = 1_048_576.0;

/// Whole numbers up to here have products that a double-double sums exactly, 2⁴⁰ of them: 2³².
const WHOLE: f64 = 4_294_967_296.0;

/// 1.5·2⁵²: added and taken away again it rounds to a whole number, without a call of `round`.
const TO_WHOLE: f64 = 6_755_399_441_055_744.0;

/// Independent sums in the inner loops, so that the processor does not wait for each addition.
pub(super) const LANES: usize = 8;

/// What is known of all values of a column in a block, the weakest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Whole numbers whose products a block sums exactly in plain doubles.
    Small,
    /// Whole numbers whose products double-doubles sum exactly.
    Whole,
    /// Anything.
    Real,
}

impl Kind {
    /// Of a column, in one pass without branches.
    pub(super) fn of(column: &[f64]) -> Self {
        let (mut is_whole, mut most) = (true, 0.0_f64);
        for x in column {
            is_whole &= (x + TO_WHOLE) - TO_WHOLE - x == 0.0;
            most = if x.abs() > most { x.abs() } else { most };
        }
        if is_whole && most <= SMALL {
            Self::Small
        } else if is_whole && most <= WHOLE {
            Self::Whole
        } else {
            Self::Real
        }
    }
}

/// The sum in plain doubles, exact for a block of whole numbers.
pub(super) fn plain_sum(x: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let (whole, rest) = x.as_chunks::<LANES>();
    for x in whole {
        for lane in 0..LANES {
            lanes[lane] += x[lane];
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().sum::<f64>()
}

/// The sum of products in plain doubles, exact for a block of small whole numbers.
pub(super) fn plain_product_sum(x: &[f64], y: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<LANES>(), y.as_chunks::<LANES>());
    for (x, y) in x.iter().zip(y) {
        for lane in 0..LANES {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    let rest = x_rest.iter().zip(y_rest).map(|(x, y)| x * y);
    lanes.iter().sum::<f64>() + rest.sum::<f64>()
}

/// The sum in double-doubles.
pub(super) fn sum(x: &[f64]) -> Sum {
    let mut lanes = [Sum::default(); LANES];
    let (whole, rest) = x.as_chunks::<LANES>();
    for x in whole {
        for lane in 0..LANES {
            lanes[lane].add(x[lane]);
        }
    }
    let mut sum = together(&lanes);
    rest.iter().for_each(|x| sum.add(*x));
    sum
}

/// The sum of products in double-doubles.
pub(super) fn product_sum(x: &[f64], y: &[f64]) -> Sum {
    let mut lanes = [Sum::default(); LANES];
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<LANES>(), y.as_chunks::<LANES>());
    for (x, y) in x.iter().zip(y) {
        for lane in 0..LANES {
            lanes[lane].add_product(x[lane], y[lane]);
        }
    }
    let mut sum = together(&lanes);
    let rest = x_rest.iter().zip(y_rest);
    rest.for_each(|(x, y)| sum.add_product(*x, *y));
    sum
}

fn together(lanes: &[Sum]) -> Sum {
    let mut sum = Sum::default();
    lanes.iter().for_each(|lane| sum.merge(*lane));
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_at_their_edges() {
        for (x, kind) in [
            (0.0, Kind::Small),
            (-0.0, Kind::Small),
            (SMALL, Kind::Small),
            (-SMALL - 1.0, Kind::Whole),
            (WHOLE, Kind::Whole),
            (WHOLE + 1.0, Kind::Real),
            (-1e300, Kind::Real),
            (0.5, Kind::Real),
            (1e-300, Kind::Real),
            (f64::NAN, Kind::Real),
        ] {
            assert_eq!(Kind::of(&[1.0, x, -3.0]), kind, "{x}");
        }
        assert_eq!(Kind::of(&[]), Kind::Small);
    }

    /// 1·2 + 2·3 + … + n·(n + 1) = n(n + 1)(n + 2)/3, whatever the lanes leave over.
    #[test]
    fn sums_of_any_length() {
        for n in 0..40_i32 {
            let x: Vec<f64> = (1..=n).map(f64::from).collect();
            let y: Vec<f64> = x.iter().map(|x| x + 1.0).collect();
            let total = f64::from(n * (n + 1) / 2);
            let products = f64::from(n * (n + 1) * (n + 2) / 3);
            assert!((plain_sum(&x) - total).abs() < 0.5 && (sum(&x).value() - total).abs() < 0.5);
            assert!((plain_product_sum(&x, &y) - products).abs() < 0.5);
            assert!((product_sum(&x, &y).value() - products).abs() < 0.5);
        }
        // What a plain double would lose.
        let x = [1e16, 1.0, -1e16, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
        assert!((sum(&x).value() - 7.0).abs() < 1e-15);
        assert!((product_sum(&x, &[1.0; 9]).value() - 7.0).abs() < 1e-15);
    }
}
