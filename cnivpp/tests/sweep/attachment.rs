//! Checks that a fault leaves nothing of an attachment.

use std::process::Output;

use crate::node::{Node, Result};

/// Runs `verb` with a fault, then DEL. With `may_sweep` the next ADD of another attachment may
/// remove the rest.
///
/// # Errors
/// The state differs from the initial one, or a call failed.
pub fn check_fault(
    node: &Node,
    verb: &str,
    run_with_fault: impl FnOnce(&Node) -> Result<Output>,
    clear_fault: impl FnOnce(&Node),
    may_sweep: bool,
) -> Result<()> {
    let before = node.holdings()?;
    if verb == "DEL" {
        check_done("the previous ADD", &node.call("ADD", "box1")?)?;
    }
    let output = run_with_fault(node)?;
    check_document(&output)?;
    clear_fault(node);
    let del = node.call("DEL", "box1")?;
    check_done("the following DEL", &del)?;
    let mut after = node.holdings()?;
    if after != before && may_sweep {
        // If VPP did not answer, the next ADD sweeps.
        check_done("the next ADD", &node.call("ADD", "box2")?)?;
        check_done("the next DEL", &node.call("DEL", "box2")?)?;
        after = node.holdings()?;
    }
    if after == before {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let del = String::from_utf8_lossy(&del.stderr).into_owned();
    Err(format!("before:\n{before}\nafter:\n{after}\n{verb}:\n{text}\nDEL:\n{del}").into())
}

fn check_done(what: &str, output: &Output) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    let [out, err] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
    Err(format!("{what} failed: {out}{err}").into())
}

/// Checks that the process did not panic, and that it printed one JSON document or nothing unless
/// it was killed.
fn check_document(output: &Output) -> Result<()> {
    let err = String::from_utf8_lossy(&output.stderr);
    if err.contains("panicked") {
        return Err(format!("a panic: {err}").into());
    }
    if output.status.code().is_none() || output.stdout.is_empty() {
        return Ok(());
    }
    let document: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let is_error = document.get("code").is_some();
    if is_error == output.status.success() {
        return Err(format!("exit status and document disagree: {document}").into());
    }
    Ok(())
}

/// Runs sweeps in parallel and returns the number of runs.
pub fn run_in_parallel<R>(sweeps: impl IntoIterator<Item = R>) -> Result<usize>
where
    R: FnOnce() -> Result<usize> + Send + 'static,
{
    let threads: Vec<_> = sweeps.into_iter().map(std::thread::spawn).collect();
    let mut runs = 0;
    for thread in threads {
        runs += thread.join().map_err(|_| "a sweep panicked")??;
    }
    Ok(runs)
}
