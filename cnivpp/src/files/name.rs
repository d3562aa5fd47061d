use super::{Error, Reason, Result};

/// The maximum length of a directory entry's name in bytes (Linux: `NAME_MAX`).
pub const NAME_MAX: usize = 255;

/// Checks that `name` is one path component: not empty, `.` or `..`, without `/` and NUL, at most
/// [`NAME_MAX`] bytes.
///
/// # Errors
/// When it is not.
pub fn check_name(name: &str) -> Result<()> {
    let why = match name {
        "" => "the name is empty".to_owned(),
        "." | ".." => "the name is . or ..".to_owned(),
        _ if name.contains('/') => "a name must not contain '/'".to_owned(),
        _ if name.contains('\0') => "a name must not contain NUL".to_owned(),
        _ if name.len() > NAME_MAX => {
            let length = name.len();
            format!("the name has {length} bytes, at most {NAME_MAX} are allowed")
        }
        _ => return Ok(()),
    };
    Err(Error::new("use the name", name, Reason::Name(why)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_single_components_are_names() {
        let longest = "x".repeat(NAME_MAX);
        for good in ["a", "...", "a b", "-", &longest] {
            check_name(good).expect(good);
        }
        let too_long = "x".repeat(NAME_MAX + 1);
        for bad in ["", ".", "..", "/", "a/b", "../a", "a\0", &too_long] {
            assert!(check_name(bad).is_err(), "{bad:?}");
        }
    }
}
