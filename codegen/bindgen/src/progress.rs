//! One line on a terminal that says how far long work is, while it lasts.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use vpp_definitions::progress::{Progress, Stage};

/// Shorter work shows nothing.
const DELAY: Duration = Duration::from_millis(200);
/// How often the line is drawn at most.
const PERIOD: Duration = Duration::from_millis(50);

/// The line, from the beginning of the work to its end.
static LINE: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Shows from now on what the library does, where standard error is a terminal that can
/// take a line back.
pub fn show() {
    if ProgressDrawTarget::stderr().is_hidden() {
        return;
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    bar.set_message(Stage::Reading.to_string());
    // Without a style of its own it would be a bar.
    bar.set_style(ProgressStyle::with_template("{msg}").unwrap_or(ProgressStyle::default_bar()));
    *line() = Some(bar);
    thread::spawn(|| {
        thread::sleep(DELAY);
        // Work that is done by now has taken the line away.
        if let Some(bar) = &*line() {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.enable_steady_tick(PERIOD);
        }
    });
}

/// Brings the line up to date.
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

/// Takes the line away for good: there is an answer, or an error.
pub fn hide() {
    if let Some(bar) = line().take() {
        bar.finish_and_clear();
    }
}

fn line() -> MutexGuard<'static, Option<ProgressBar>> {
    LINE.lock().unwrap_or_else(PoisonError::into_inner)
}
