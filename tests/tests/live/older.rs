use vpp_sim::Release;

use super::{error_of, source, vpp};

/// get_api_json was added in VPP 24.06.
#[test]
fn the_error_for_an_older_vpp_names_the_alternatives() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("api");
    let sim = vpp(Release::V23_02, []);
    let error = error_of(
        &[
            "vendor",
            "--from",
            &source(&sim),
            "--out",
            out.to_str().unwrap(),
        ],
        2,
    );
    assert!(error.contains("VPP 23.02"), "{error}");
    assert!(
        error.contains(&sim.socket().display().to_string()),
        "{error}"
    );
    assert!(
        error.contains("get_api_json was added in VPP 24.06"),
        "{error}"
    );
    assert!(error.contains("/usr/share/vpp/api"), "{error}");
    assert!(error.contains("vpp-bindgen compile"), "{error}");
    assert!(!out.exists(), "nothing is written");
    let error = error_of(&["diff", "vendored", &source(&sim)], 2);
    assert!(error.contains("VPP 23.02"), "{error}");
}
