use std::fs;
use std::process::Command;

use crate::manifests::{documents, folder};

/// The release of Kubernetes whose schemas are used.
const RELEASE: &str = "1.33";

/// Validates a manifest with the schemas of Kubernetes. Unknown keys are errors.
fn validate(path: &std::path::Path) -> Result<(), String> {
    let mut command = Command::new("kubernetes-validate");
    let output = command.args(["--strict", "-k", RELEASE]).arg(path).output();
    let output = output.map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    output.status.success().then_some(()).ok_or(text)
}

#[test]
#[ignore = "needs kubernetes-validate (PyPI)"]
fn manifests_match_the_schemas_of_kubernetes() {
    let temporary = tempfile::tempdir().unwrap();
    for file in ["userspace.yaml", "pods.yaml"] {
        validate(&folder().join(file)).unwrap();
        // The schemas reject what they should.
        for mut document in documents(file) {
            document["metadata"]["nme"] = "x".into();
            let path = temporary.path().join("broken.yaml");
            fs::write(&path, document.to_string()).unwrap();
            validate(&path).unwrap_err();
        }
    }
}
