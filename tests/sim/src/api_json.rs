//! The API definitions, as `get_api_json` returns them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::Release;

/// Returns a JSON array with one document per module, which contains the messages that `has`
/// accepts.
///
/// As in VPP, `memclnt` and modules without messages are left out. A document contains the
/// name of its module from v26.06 on.
pub(crate) fn text(release: Release, has: impl Fn(&str) -> bool) -> String {
    let documents = vpp_api_json::FILES.iter().filter_map(|(path, text)| {
        // The tests below parse all files.
        let mut json: Value = serde_json::from_str(text).ok()?;
        if path.ends_with("/memclnt.api.json") || !keep(&mut json, &has) {
            return None;
        }
        if release < Release::V26_06 {
            json.as_object_mut()?.shift_remove("module");
        }
        Some(json.to_string())
    });
    format!("[\n{}]", documents.collect::<Vec<_>>().join(","))
}

/// Removes all messages that `has` rejects, and their services. Returns whether any message
/// remains.
fn keep(json: &mut Value, has: impl Fn(&str) -> bool) -> bool {
    let mut names = BTreeSet::new();
    if let Some(messages) = json["messages"].as_array_mut() {
        messages.retain(|message| message[0].as_str().is_some_and(&has));
        let kept = messages.iter().filter_map(|message| message[0].as_str());
        names.extend(kept.map(str::to_owned));
    }
    if let Some(services) = json["services"].as_object_mut() {
        services.retain(|caller, _| names.contains(caller));
    }
    !names.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(release: Release) -> Vec<Value> {
        serde_json::from_str(&text(release, |name| release.has(name))).unwrap()
    }

    #[test]
    fn modules_without_messages_and_memclnt_are_left_out() {
        let documents = documents(Release::LATEST);
        let modules = documents
            .iter()
            .map(|json| json["module"].as_str().unwrap());
        let modules: Vec<_> = modules.collect();
        assert_eq!(modules.len(), 13);
        assert!(!modules.contains(&"memclnt") && !modules.contains(&"ip_types"));
    }

    #[test]
    fn an_earlier_release_has_fewer_messages_and_no_module_names() {
        let documents = documents(Release::V24_06);
        assert!(documents.iter().all(|json| json["module"].is_null()));
        let messages = documents
            .iter()
            .flat_map(|json| json["messages"].as_array().unwrap());
        let names: Vec<_> = messages
            .map(|message| message[0].as_str().unwrap())
            .collect();
        assert!(names.contains(&"memif_create_v2"));
        assert!(!names.contains(&"ip_table_add_del_v2"));
    }
}
