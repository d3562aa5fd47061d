//! A progress line on the terminal during long work.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use vpp_definitions::progress::{Progress, Stage};

/// The delay before the line appears. Shorter work shows none.
const DELAY: Duration = Duration::from_millis(200);
/// The minimum time between redraws.
const PERIOD: Duration = Duration::from_millis(50);

/// The line. It exists until the work ends.
static LINE: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Starts to show progress, if standard error is a terminal that can erase a line.
pub fn show() {
    if ProgressDrawTarget::stderr().is_hidden() {
        return;
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    bar.set_message(Stage::Reading.to_string());
    // The default style is a bar.
    bar.set_style(ProgressStyle::with_template("{msg}").unwrap_or(ProgressStyle::default_bar()));
    *line() = Some(bar);
    thread::spawn(|| {
        thread::sleep(DELAY);
        // The line is removed if the work has ended in the meantime.
        if let Some(bar) = &*line() {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.enable_steady_tick(PERIOD);
        }
    });
}

/// Updates the line.
pub fn update(progress: Progress) {
    if let Some(bar) = &*line() {
        let Progress {
            stage, done, total, ..
        } = progress;
        bar.set_message(match (stage, total) {
            (stage, 0) => stage.to_string(),
            (stage, total) => format!("{stage} {done}/{total}"),
        });
    }
}

/// Removes the line. Called before any other output.
pub fn hide() {
    if let Some(bar) = line().take() {
        bar.finish_and_clear();
    }
}

fn line() -> MutexGuard<'static, Option<ProgressBar>> {
    LINE.lock().unwrap_or_else(PoisonError::into_inner)
}
