use std::time::Duration;

/// How a connection that is lost, or not there yet, is made again.
///
/// The wait before an attempt doubles from the first delay to the longest one and
/// starts over once a connection stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReconnectPolicy {
    first: Duration,
    longest: Duration,
    attempts: Option<u32>,
}

impl Default for ReconnectPolicy {
    /// 100 ms at first, 5 s at most, without end.
    fn default() -> Self {
        Self {
            first: Duration::from_millis(100),
            longest: Duration::from_secs(5),
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

    /// The wait after the first attempt that failed, 100 ms unless set.
    #[must_use]
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first = delay;
        self
    }

    /// The longest wait between two attempts, 5 s unless set.
    #[must_use]
    pub fn longest_delay(mut self, delay: Duration) -> Self {
        self.longest = delay;
        self
    }

    /// How many attempts in a row may fail before the connection ends; without end unless set.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts);
        self
    }

    /// The wait once `failed` attempts in a row have failed; `None` when that was the last.
    pub(crate) fn delay(&self, failed: u32) -> Option<Duration> {
        if self.attempts.is_some_and(|attempts| failed >= attempts) {
            return None;
        }
        let Some(doublings) = failed.checked_sub(1) else {
            return Some(Duration::ZERO);
        };
        let factor = 1 << doublings.min(20);
        Some(self.first.saturating_mul(factor).min(self.longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_the_longest_and_attempts_end_them() {
        let policy = ReconnectPolicy::new().attempts(9);
        let delays: Vec<_> = (0..10).map(|failed| policy.delay(failed)).collect();
        let ms = |ms| Some(Duration::from_millis(ms));
        assert_eq!(
            delays[..8],
            [
                ms(0),
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
        assert_eq!(ReconnectPolicy::new().delay(u32::MAX), ms(5000));
    }
}
