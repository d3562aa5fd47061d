//! Counters for Prometheus: which metric an entry is, its text, and the server.

mod families;
mod metric;
mod scrape;
mod server;

use families::Style;
pub(crate) use scrape::{Exporter, Options};
pub(crate) use server::serve;
