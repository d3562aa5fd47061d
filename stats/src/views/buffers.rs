use super::read_pattern;
use crate::error::Result;
use crate::query::Query;
use crate::stats::Stats;

/// The buffers of a pool (`/buffer-pools/NAME/…`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct BufferPool {
    /// The name, such as `default-numa-0`.
    pub name: String,
    /// Buffers that no thread has.
    pub available: u64,
    /// Free buffers that threads keep for themselves.
    pub cached: u64,
    /// Buffers in use.
    pub used: u64,
}

/// A view of the buffer pools.
#[derive(Debug, Default)]
pub struct Buffers {
    query: Option<Query>,
    rows: Vec<BufferPool>,
}

impl Buffers {
    /// Prepares the view.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the pools.
    ///
    /// # Errors
    ///
    /// As [`Stats::read`].
    pub fn read(&mut self, stats: &mut Stats) -> Result<&[BufferPool]> {
        const PREFIX: &str = "/buffer-pools/";
        let query = read_pattern(&mut self.query, "^/buffer-pools/", stats)?;
        self.rows.clear();
        for item in query.items() {
            let path = item.name.strip_prefix(PREFIX);
            let Some((name, what)) = path.and_then(|it| it.rsplit_once('/')) else {
                continue;
            };
            let value = item.value.as_u64().unwrap_or_default();
            let position = self.rows.iter().position(|it| it.name == name);
            let position = position.unwrap_or_else(|| {
                self.rows.push(BufferPool {
                    name: name.to_owned(),
                    ..BufferPool::default()
                });
                self.rows.len() - 1
            });
            let row = &mut self.rows[position];
            match what {
                "available" => row.available = value,
                "cached" => row.cached = value,
                "used" => row.used = value,
                _ => {}
            }
        }
        Ok(&self.rows)
    }
}
