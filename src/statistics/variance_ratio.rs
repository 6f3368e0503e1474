//! The variance ratio F: how likely one as large is by chance, and the ratio that a chance belongs to.
//!
//! Regressions over millions of rows have p-values of 1e-80 and denominators of millions of degrees
//! of freedom; alpha's interval has both degrees of freedom in the thousands. A tail taken as 1 − cdf
//! would be 0 there, and a continued fraction that stops after a fixed number of terms would be wrong.

use std::f64::consts::PI;

use statrs::function::beta::beta_reg;
use statrs::function::gamma::ln_gamma;

use super::Error;
use super::root::root_between;
use super::significance::two_sided_t_p;

/// The fraction needs about the root of the degrees of freedom in terms; this reaches any n there is.
const TERMS: u32 = 1_000_000;

/// From here on Stirling's series is exact to the last digits.
const LARGE: f64 = 16.0;

/// P(F ≥ f) for Fisher's F with `df1` degrees of freedom above and `df2` below, to about thirteen
/// digits however far out. NaN for NaN.
///
/// It is the incomplete beta function I(df2/2, df1/2) at df2/(df2 + df1·f), by the continued fraction
/// and the exact prefactor below; one degree of freedom above is Student's t, two have a closed form.
///
/// # Errors
/// [`Error::DegreesOfFreedom`] unless both are positive.
pub fn upper_f_p(f: f64, df1: u64, df2: u64) -> Result<f64, Error> {
    if df1 == 0 || df2 == 0 {
        return Err(Error::DegreesOfFreedom);
    }
    if f.is_nan() {
        return Ok(f);
    }
    if f <= 0.0 || f.is_infinite() {
        return Ok(if f > 0.0 { 0.0 } else { 1.0 });
    }
    let (above, below) = (df1 as f64, df2 as f64);
    if df1 == 1 {
        return two_sided_t_p(f.sqrt(), below);
    }
    if df1 == 2 {
        return Ok((-0.5 * below * (2.0 * f / below).ln_1p()).exp());
    }
    // 1/(1 + ratio) and ratio/(1 + ratio), which do not overflow where f does.
    let ratio = above / below * f;
    let (x, y) = (1.0 / (1.0 + ratio), 1.0 / (1.0 + 1.0 / ratio));
    let (a, b) = (0.5 * below, 0.5 * above);
    let p = if df2 <= 2 {
        beta_reg(a, b, x)
    } else if a * y >= b * x {
        incomplete_beta([a, b], [x, y])
    } else {
        1.0 - incomplete_beta([b, a], [y, x])
    };
    Ok(p.clamp(0.0, 1.0))
}

/// The f with P(F ≥ f) = `p`.
///
/// # Errors
/// [`Error::Confidence`] unless 0 < `p` < 1, [`Error::DegreesOfFreedom`] unless both are positive.
pub fn upper_f_quantile(p: f64, df1: u64, df2: u64) -> Result<f64, Error> {
    if !(p > 0.0 && p < 1.0) {
        return Err(Error::Confidence);
    }
    upper_f_p(1.0, df1, df2)?;
    // Over logarithms: quantiles of one degree of freedom span hundreds of orders of magnitude.
    let beyond = |ln_f: f64| upper_f_p(ln_f.exp(), df1, df2).map_or(0.0, |tail| tail - p);
    Ok(root_between(-700.0, 700.0, beyond).exp())
}

/// I(a, b) at x = 1 − y for x at most about the mean, a and b above 1.
///
/// The continued fraction (9) of Didonato & Morris (1992), "Algorithm 708", ACM Trans. Math. Softw.
/// 18, by the recurrence of Lentz (1976), Applied Optics 15: it holds the distance from the mean as
/// a difference of its own, where the older fraction would lose it for unequal a and b.
fn incomplete_beta([a, b]: [f64; 2], [x, y]: [f64; 2]) -> f64 {
    let distance = a * y - b * x;
    let numerator = |m: f64| {
        let under = a + 2.0 * m - 1.0;
        (a + m - 1.0) / under * ((a + b + m - 1.0) / under) * m * (b - m) * x * x
    };
    let denominator = |m: f64| {
        let middle = m * (b - m) * x / (a + 2.0 * m - 1.0);
        m + middle + (a + m) / (a + 2.0 * m + 1.0) * (distance + 1.0 + m * (1.0 + y))
    };
    let mut value = denominator(0.0);
    let (mut up, mut down) = (value, 0.0);
    for m in (1..TERMS).map(f64::from) {
        let (over, under) = (numerator(m), denominator(m));
        down = 1.0 / away_from_zero(under + over * down);
        up = away_from_zero(under + over / up);
        let factor = up * down;
        value *= factor;
        if (factor - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    (ln_prefactor([a, b], [x, y]) - value.ln()).exp()
}

fn away_from_zero(value: f64) -> f64 {
    if value.abs() < f64::MIN_POSITIVE {
        f64::MIN_POSITIVE
    } else {
        value
    }
}

/// ln(xᵃyᵇ/B(a, b)) without the large logarithms that would cancel: Stirling's formula taken apart
/// as by Loader (2000), "Fast and accurate computation of binomial probabilities".
fn ln_prefactor([a, b]: [f64; 2], [x, y]: [f64; 2]) -> f64 {
    let n = a + b;
    let distance = a * y - b * x;
    let ln_ratio = |shift: f64, ratio: f64| {
        if shift.abs() < 0.5 {
            shift.ln_1p()
        } else {
            ratio.ln()
        }
    };
    let exponent = a * ln_ratio(-distance / a, x * n / a) + b * ln_ratio(distance / b, y * n / b);
    let scale = 0.5 * (a / n * b / (2.0 * PI)).ln();
    exponent + scale + stirling_error(n) - stirling_error(a) - stirling_error(b)
}

/// ln Γ(z) less Stirling's (z − ½)·ln z − z + ½·ln 2π.
fn stirling_error(z: f64) -> f64 {
    if z < LARGE {
        return ln_gamma(z) - ((z - 0.5) * z.ln() - z + 0.5 * (2.0 * PI).ln());
    }
    let square = 1.0 / (z * z);
    let tail = 1.0 / 1260.0 - square * (1.0 / 1680.0 - square * (1.0 / 1188.0));
    (1.0 / 12.0 - square * (1.0 / 360.0 - square * tail)) / z
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    const TAILS: [(f64, u64, u64, f64); 20] = [
        (6.5, 1, 8, 0.034_200_750_957_518_33),
        (3.25, 2, 7, 0.10038641623302211),
        (0.2, 2, 5_000_000, 0.818_730_759_627_827_6),
        (4.0, 3, 1, 0.348_552_035_151_849),
        (9.0, 5, 2, 0.10301198646454021),
        (2.0, 3, 10, 0.178_007_407_375_175_4),
        (20.0, 3, 10, 0.00015116502658600844),
        (3.0, 7, 4, 0.15257338525263087),
        (1e6, 3, 3, 1.6976496705430083e-9),
        (0.5, 4, 30, 0.735_886_536_267_038_5),
        (1.05, 1500, 9500, 0.10409980615819127),
        (100.0, 5, 1_000_000_000, 7.985_154_208_293_348e-106),
        (1.1, 5, 1_000_000_000, 0.35794588160482713),
        (0.01, 5, 7_000_000, 0.999_970_790_444_723_6),
        (300.0, 6, 1540, 1.1061988519421581e-254),
        (250.0, 3, 7_000_000, 3.0783550560840457e-162),
        (1.001, 100_000, 600_000, 0.41757905781840675),
        (1.05, 40_000, 160_000, 2.7673343239900056e-10),
        (0.001, 3, 50, 0.999_955_688_621_336_9),
        (5_436_385.540_797_845, 1, 34, 4.654_040_852_472_41e-90),
    ];

    /// mpmath 1.3 `betainc` at 40 digits; where both degrees of freedom are many, `quad` of the
    /// density; the last is NIST's Norris.
    #[test]
    fn mpmath_tails() {
        for (f, df1, df2, p) in TAILS {
            let found = upper_f_p(f, df1, df2).unwrap();
            assert!(
                (found / p - 1.0).abs() < 3e-13,
                "{f} {df1} {df2}: {found:e}, expected {p:e}"
            );
        }
    }

    /// SciPy 1.17 `f.isf`; for 1e-10, where SciPy has seven digits, mpmath.
    #[test]
    fn scipy_quantiles() {
        for (p, df1, df2, f) in [
            (0.025, 1585, 9510, 1.0770202460726521),
            (0.975, 1585, 9510, 0.9265878651943786),
            (0.025, 1, 1, 647.7890114778442),
            (0.975, 5, 15, 0.15557596307848715),
            (0.025, 5, 15, 3.5764153492790607),
            (0.025, 129_879, 1_688_427, 1.007999543287932),
            (0.005, 249, 498, 1.3200415620100903),
            (1e-10, 4, 9, 545.528392449001),
            (0.975, 1, 3, 0.0011571891323882914),
            (0.5, 2, 2, 1.0),
        ] {
            let found = upper_f_quantile(p, df1, df2).unwrap();
            assert!((found / f - 1.0).abs() < 1e-11, "{p} {df1} {df2}: {found}");
        }
    }

    #[test]
    fn the_ends_of_the_scale() {
        for df2 in [1, 2, 3, 50, 5_000_000] {
            for df1 in [1, 2, 3, 40] {
                let p = |f: f64| upper_f_p(f, df1, df2).unwrap();
                assert!((p(0.0) - 1.0).abs() < 1e-15 && (p(-1.0) - 1.0).abs() < 1e-15);
                assert!((p(1e-300) - 1.0).abs() < 1e-14, "{df1} {df2}");
                assert!(p(1e300) < 1e-140 && p(f64::INFINITY) < 1e-300);
            }
        }
        assert_eq!(upper_f_p(1.0, 0, 3), Err(Error::DegreesOfFreedom));
        assert_eq!(upper_f_p(1.0, 3, 0), Err(Error::DegreesOfFreedom));
        assert!(upper_f_p(f64::NAN, 3, 3).unwrap().is_nan());
        assert_eq!(upper_f_quantile(0.5, 3, 0), Err(Error::DegreesOfFreedom));
        for p in [0.0, 1.0] {
            assert_eq!(upper_f_quantile(p, 3, 3), Err(Error::Confidence));
        }
    }

    proptest! {
        /// P(F(m, n) ≥ f) + P(F(n, m) ≥ 1/f) = 1.
        #[test]
        fn turning_the_ratio_round_gives_the_other_tail(
            ln_f in -5.0_f64..5.0, df1 in 1_u64..3000, df2 in 1_u64..3000
        ) {
            let f = ln_f.exp();
            let both = upper_f_p(f, df1, df2).unwrap() + upper_f_p(1.0 / f, df2, df1).unwrap();
            prop_assert!((both - 1.0).abs() < 1e-12, "{both}");
        }

        #[test]
        fn the_tail_shrinks_as_the_ratio_grows(
            f in 0.0_f64..20.0, more in 0.001_f64..5.0, df1 in 1_u64..60, df2 in 1_u64..2_000_000
        ) {
            let (p, further) = (upper_f_p(f, df1, df2).unwrap(), upper_f_p(f + more, df1, df2).unwrap());
            prop_assert!(further <= p + 1e-14 && p <= 1.0 && further >= 0.0);
        }
    }
}
