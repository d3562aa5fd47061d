use std::time::Duration;

/// When to connect again after the connection is lost, or while VPP is not running yet.
///
/// The delay before an attempt doubles from the first delay up to the longest delay, and starts
/// again with the first delay after a connection was established. Jitter shortens each delay at
/// random by up to a half, so that clients do not all connect at the same moment.
///
/// ```no_run
/// # async fn example() -> Result<(), vpp_client::Error> {
/// use std::time::Duration;
/// use vpp_client::{Client, ReconnectPolicy};
///
/// let policy = ReconnectPolicy::new().longest_delay(Duration::from_secs(1)).attempts(20);
/// let (client, connection) = Client::builder().reconnect(policy).connect().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ReconnectPolicy {
    first: Duration,
    longest: Duration,
    jitter: f64,
    attempts: Option<u32>,
}

impl Default for ReconnectPolicy {
    /// A first delay of 100 ms, a longest delay of 5 s, a jitter of 0.5, unlimited attempts.
    fn default() -> Self {
        Self {
            first: Duration::from_millis(100),
            longest: Duration::from_secs(5),
            jitter: 0.5,
            attempts: None,
        }
    }
}

impl ReconnectPolicy {
    /// The default policy.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the delay after a loss and after the first failed attempt. Defaults to 100 ms.
    #[must_use]
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first = delay;
        self
    }

    /// Sets the longest delay between two attempts. Defaults to 5 s.
    #[must_use]
    pub fn longest_delay(mut self, delay: Duration) -> Self {
        self.longest = delay;
        self
    }

    /// Sets the maximum share, from 0 to 1, by which a delay is shortened at random. Defaults to
    /// 0.5.
    #[must_use]
    pub fn jitter(mut self, share: f64) -> Self {
        self.jitter = if share.is_nan() {
            0.0
        } else {
            share.clamp(0.0, 1.0)
        };
        self
    }

    /// Sets how many attempts in a row may fail before the connection closes. Unlimited by default.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts);
        self
    }

    /// The delay before the next attempt after `failed` failed attempts in a row, or `None` if
    /// there are no attempts left.
    pub(crate) fn delay(&self, failed: u32) -> Option<Duration> {
        let delay = self.longest_for(failed)?;
        Some(delay.mul_f64(1.0 - self.jitter * fastrand::f64()))
    }

    fn longest_for(&self, failed: u32) -> Option<Duration> {
        if self.attempts.is_some_and(|attempts| failed >= attempts) {
            return None;
        }
        let factor = 1 << failed.saturating_sub(1).min(20);
        Some(self.first.saturating_mul(factor).min(self.longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_the_longest_until_attempts_are_used_up() {
        let policy = ReconnectPolicy::new().attempts(9);
        let delays: Vec<_> = (0..10).map(|failed| policy.longest_for(failed)).collect();
        let ms = |ms| Some(Duration::from_millis(ms));
        assert_eq!(
            delays[..8],
            [
                ms(100),
                ms(100),
                ms(200),
                ms(400),
                ms(800),
                ms(1600),
                ms(3200),
                ms(5000)
            ]
        );
        assert_eq!(delays[9], None);
        assert_eq!(ReconnectPolicy::new().longest_for(u32::MAX), ms(5000));
    }

    #[test]
    fn jitter_shortens_delays_by_its_share_at_most() {
        let policy = ReconnectPolicy::new().jitter(0.25);
        let delays: Vec<_> = (0..1000).filter_map(|_| policy.delay(1)).collect();
        let (least, most) = (delays.iter().min().unwrap(), delays.iter().max().unwrap());
        assert!(*least >= Duration::from_millis(75) && *most <= Duration::from_millis(100));
        assert!(*most - *least > Duration::from_millis(10));
        let exact = ReconnectPolicy::new().jitter(0.0);
        assert_eq!(exact.delay(1), Some(Duration::from_millis(100)));
    }
}
