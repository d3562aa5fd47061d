//! `--help`, `-h` and shell completions.

use super::program::{run, succeed};

/// The commands that the help lists.
pub fn commands() -> Vec<String> {
    let help = succeed(&["-h"]);
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let lines = list.lines().take_while(|line| !line.is_empty());
    let names = lines.map(|line| line.split_whitespace().next().unwrap().to_owned());
    names.filter(|name| name != "help").collect()
}

#[test]
fn every_help_has_examples_and_exit_statuses() {
    let mut all: Vec<Vec<String>> = commands().into_iter().map(|name| vec![name]).collect();
    assert!(all.len() >= 10, "{all:?}");
    all.push(Vec::new());
    for mut arguments in all {
        let name = arguments.first().cloned().unwrap_or_default();
        arguments.push("--help".to_owned());
        let help = succeed(&arguments);
        let (_, examples) = help.split_once("\nExamples:\n").expect(&name);
        let (examples, statuses) = examples.split_once("\nExit status:\n").expect(&name);
        let begin = format!("  vpp-bindgen {name}");
        assert!(examples.starts_with(&begin), "{name}: {examples}");
        assert!(examples.lines().all(|line| line.len() < 120), "{examples}");
        for status in ["\n  2  error", "  0  "] {
            assert!(
                format!("\n{statuses}").contains(status),
                "{name}: {statuses}"
            );
        }
    }
}

#[test]
fn short_help_is_short() {
    for name in commands() {
        let help = succeed(&[&name, "-h"]);
        assert!(help.lines().count() <= 25, "{name}: {help}");
        assert!(!help.contains("Examples:"), "{name}");
        let about = help.lines().next().unwrap();
        assert!(about.len() < 100, "{about}");
    }
}

#[test]
fn completions_contain_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = succeed(&["completions", shell]);
        for name in commands() {
            assert!(script.contains(&name), "{shell}: {name}");
        }
        assert!(script.contains("quiet"), "{shell}");
    }
}

#[test]
fn bash_accepts_its_completions() {
    let script = succeed(&["completions", "bash"]);
    let checked = std::process::Command::new("bash")
        .args(["-n", "-c", &script])
        .output();
    // A system without bash needs no completions for it.
    if let Ok(checked) = checked {
        assert!(
            checked.status.success() && checked.stderr.is_empty(),
            "{checked:?}"
        );
    }
    assert_eq!(run(&["completions"]).status.code(), Some(2));
}
