//! What happens to one attachment while something goes wrong.

use std::process::Output;

use crate::node::{Node, Result};

/// Runs `verb` while something is wrong, then DEL. With `may_sweep` the next ADD of another
/// attachment may remove the rest.
///
/// # Errors
/// What is not as it must be.
pub fn survives(
    node: &Node,
    verb: &str,
    spoil: impl FnOnce(&Node) -> Result<Output>,
    mend: impl FnOnce(&Node),
    may_sweep: bool,
) -> Result<()> {
    let before = node.holdings()?;
    if verb == "DEL" {
        check_done("the ADD before", &node.call("ADD", "box1")?)?;
    }
    let spoiled = spoil(node)?;
    check_document(&spoiled)?;
    mend(node);
    let del = node.call("DEL", "box1")?;
    check_done("the DEL after", &del)?;
    let mut after = node.holdings()?;
    if after != before && may_sweep {
        // Where VPP did not answer, the next ADD sweeps.
        check_done("the next ADD", &node.call("ADD", "box2")?)?;
        check_done("the next DEL", &node.call("DEL", "box2")?)?;
        after = node.holdings()?;
    }
    if after == before {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&spoiled.stderr).into_owned();
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

/// A process that was not killed prints one JSON document or nothing, and never panics.
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

/// Runs sweeps side by side, since many of their runs wait, and returns how many runs there were.
pub fn side_by_side<R>(sweeps: impl IntoIterator<Item = R>) -> Result<usize>
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
