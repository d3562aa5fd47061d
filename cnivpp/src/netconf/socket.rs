use std::fmt;

use crate::cni::fields::{Fields, Problems};

/// The maximum length of a [`SocketFile`] in bytes. VPP rejects longer abstract names, and a path
/// with its folder has at most 106 bytes.
pub const MAX_SOCKET_FILE: usize = 105;

/// The name of a socket file, without a folder.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SocketFile(String);

impl SocketFile {
    /// Checks a name.
    ///
    /// # Errors
    /// The reason, as text that follows the name: it is empty, `.` or `..`, too long, or has other
    /// characters than `A-Z a-z 0-9 _ . -`. VPP 26.06 accepts such characters for a slave but never
    /// connects.
    pub fn new(name: &str) -> Result<Self, &'static str> {
        let is_allowed = |it: u8| it.is_ascii_alphanumeric() || b"_.-".contains(&it);
        match name {
            "" => Err("is empty"),
            "." | ".." => Err("is not a file name"),
            _ if name.contains('/') => Err("is a path, not a file name"),
            _ if name.len() > MAX_SOCKET_FILE => Err("is longer than 105 bytes"),
            _ if !name.bytes().all(is_allowed) => {
                Err("has characters other than letters, digits, '_', '.' and '-'")
            }
            _ => Ok(Self(name.to_owned())),
        }
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SocketFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads `socketfile`. An empty name is an error, because it is probably a mistake.
pub(super) fn read_file(fields: &Fields<'_>, problems: &mut Problems) -> Option<SocketFile> {
    if fields.text("socketfile", problems) == Some("") {
        let name = fields.name("socketfile");
        problems.invalid(format!(
            "{name} \"\" is empty; omit the key for the default"
        ));
    }
    fields.parsed("socketfile", SocketFile::new, problems)
}

/// Reads `socketMode`: octal permissions.
pub(super) fn read_mode(fields: &Fields<'_>, problems: &mut Problems) -> Option<u32> {
    let parse = |text: &str| {
        let is_octal = text.bytes().all(|it| (b'0'..=b'7').contains(&it));
        let mode = u32::from_str_radix(text, 8).ok();
        mode.filter(|&mode| is_octal && (3..=4).contains(&text.len()) && mode <= 0o777)
            .ok_or("is not an octal number from \"0000\" to \"0777\"")
    };
    fields.parsed("socketMode", parse, problems)
}

/// Reads `group`: the name or ID of a group.
pub(super) fn read_group(fields: &Fields<'_>, problems: &mut Problems) -> Option<String> {
    let parse = |text: &str| {
        let is_number = text.bytes().all(|it| it.is_ascii_digit());
        let is_other = |it: u8| it.is_ascii_alphanumeric() || b"_.-".contains(&it);
        let is_name = text.len() <= 32 && text.bytes().all(is_other) && !text.starts_with('-');
        if (is_number && text.parse::<u32>().is_ok_and(|it| it < u32::MAX))
            || (is_name && !is_number)
        {
            Ok(text.to_owned())
        } else {
            Err("is not the name or ID of a group")
        }
    };
    fields.parsed("group", parse, problems)
}

/// Rejects `group` and `socketMode` for an end that creates no socket file.
pub(super) fn check_no_ownership(fields: &Fields<'_>, why: &str, problems: &mut Problems) {
    for key in ["group", "socketMode"] {
        if fields.any(key).is_some_and(|it| it != "") {
            problems.invalid(format!("{} has no effect: {why}", fields.name(key)));
        }
    }
}
