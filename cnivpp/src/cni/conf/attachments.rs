use super::{Conf, invalid};
use crate::cni::Result;
use crate::cni::env::{check_container_id, check_if_name};
use crate::cni::fields::{Fields, Problems};

const VALID_ATTACHMENTS: [&str; 2] = ["cni.dev/valid-attachments", "cni.dev/attachments"];

/// An attachment that GC must keep.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValidAttachment {
    /// The container ID.
    pub container_id: String,
    /// The interface name in the container.
    pub if_name: String,
}

impl Conf {
    /// Reads the attachments that GC must keep from `cni.dev/valid-attachments` and the older
    /// `cni.dev/attachments`, or from both.
    ///
    /// Returns `None` if both keys are missing or null. GC must not remove anything then.
    ///
    /// # Errors
    /// Code 7 if an entry is invalid, because GC would remove the attachment that it names.
    pub fn valid_attachments(&self) -> Result<Option<Vec<ValidAttachment>>> {
        let mut problems = Problems::default();
        let fields = Fields::new(&self.object, "");
        let mut found = None;
        for key in VALID_ATTACHMENTS {
            if fields.any(key).is_some() {
                let entries = fields.objects(key, &mut problems);
                let entries = entries.iter().filter_map(|it| entry(it, &mut problems));
                let all: &mut Vec<_> = found.get_or_insert_default();
                all.extend(entries);
            }
        }
        if !problems.is_empty() {
            return Err(invalid(problems));
        }
        if let Some(all) = &mut found {
            all.sort();
            all.dedup();
        }
        Ok(found)
    }
}

fn entry(fields: &Fields<'_>, problems: &mut Problems) -> Option<ValidAttachment> {
    let mut required = |key, check: fn(&str) -> std::result::Result<(), &'static str>| {
        let text = fields.parsed(key, |it| check(it).map(|()| it.to_owned()), problems);
        if fields.any(key).is_none_or(|it| it == "") {
            problems.invalid(format!("{} is missing", fields.name(key)));
        }
        text
    };
    let container_id = required("containerID", check_container_id);
    let if_name = required("ifname", check_if_name);
    Some(ValidAttachment {
        container_id: container_id?,
        if_name: if_name?,
    })
}
