use std::time::Duration;

/// Steps per power of two: values have a resolution of 1.6 %.
const STEPS: u64 = 64;
/// Powers of two of nanoseconds, up to more than an hour.
const POWERS: u64 = 42;

/// The latencies of calls, in buckets, so that recording one does not allocate.
#[derive(Debug, Clone)]
pub(super) struct Latencies {
    buckets: Vec<u64>,
    count: u64,
}

impl Latencies {
    pub(super) fn new() -> Self {
        let size = usize::try_from(STEPS * POWERS).unwrap_or_default();
        Self {
            buckets: vec![0; size],
            count: 0,
        }
    }

    pub(super) fn record(&mut self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let at = usize::try_from(bucket(nanos)).unwrap_or(usize::MAX);
        let last = self.buckets.len().saturating_sub(1);
        if let Some(bucket) = self.buckets.get_mut(at.min(last)) {
            *bucket += 1;
            self.count += 1;
        }
    }

    /// The time in microseconds that this share of the calls did not exceed.
    pub(super) fn percentile(&self, share: f64) -> f64 {
        let mut seen = 0;
        for (at, count) in (0u32..).zip(&self.buckets) {
            seen += count;
            if seen > 0 && as_f64(seen) >= as_f64(self.count) * share {
                return lower_bound(u64::from(at)) / 1000.0;
            }
        }
        0.0
    }
}

/// A count as a floating-point number.
#[expect(
    clippy::cast_precision_loss,
    reason = "figures are printed with four digits"
)]
pub(super) fn as_f64(count: u64) -> f64 {
    count as f64
}

/// Linear up to `STEPS`, then `STEPS` buckets per power of two.
fn bucket(nanos: u64) -> u64 {
    if nanos < STEPS {
        return nanos;
    }
    let shift = u64::from(nanos.ilog2() - STEPS.ilog2());
    (shift + 1) * STEPS + (nanos >> shift) - STEPS
}

fn lower_bound(bucket: u64) -> f64 {
    let (power, step) = (bucket / STEPS, bucket % STEPS);
    if power == 0 {
        return as_f64(step);
    }
    let power = i32::try_from(power - 1).unwrap_or(i32::MAX);
    as_f64(STEPS + step) * 2f64.powi(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_a_resolution_of_two_percent() {
        for nanos in [1, 63, 64, 65, 1000, 12_345, 999_999_999] {
            let found = lower_bound(bucket(nanos));
            let exact = nanos as f64;
            assert!(
                found <= exact && found > exact * 0.98,
                "{nanos} recorded as {found}"
            );
        }
    }

    #[test]
    fn percentiles_are_those_of_the_calls() {
        let mut all = Latencies::new();
        for micros in 1..=100 {
            all.record(Duration::from_micros(micros));
        }
        let (half, most) = (all.percentile(0.5), all.percentile(0.99));
        assert!((49.0..=50.0).contains(&half), "{half}");
        assert!((97.0..=99.0).contains(&most), "{most}");
        assert_eq!(Latencies::new().percentile(0.5), 0.0);
    }
}
